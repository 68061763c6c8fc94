"""Word's elements, built as a tree: typed text is only ever the text of an element."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from docx.oxml.ns import qn
from lxml import etree

#: An element of lxml, which comes without types.
Element: TypeAlias = Any

#: What XML cannot carry, and the marks that turn the direction of text around.
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


def el(tag: str, *children: Element, **attributes: str | int) -> Element:
    """An element such as `el("w:jc", val="both")`; attributes take the element's prefix."""
    prefix = tag.split(":")[0]
    made = etree.Element(qn(tag))
    for name, value in attributes.items():
        made.set(qn(f"{prefix}:{name.rstrip('_')}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def clean(words: str) -> str:
    """Typed words as one line that XML can carry."""
    return _ILLEGAL.sub("", words).replace("\t", " ").replace("\n", " ").replace("\r", "")


def text(words: str) -> Element:
    """A `w:t` that keeps its spaces."""
    made = etree.Element(qn("w:t"))
    made.text = clean(words)
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def run(words: str, *, highlight: bool = False, style: str = "") -> Element:
    """A run of words, marked with a text marker where it is a blank."""
    properties = el(
        "w:rPr",
        el("w:rStyle", val=style) if style else None,
        el("w:highlight", val="yellow") if highlight else None,
    )
    return el("w:r", properties if len(properties) else None, text(words))


def paragraph(style: str, runs: Iterable[Element], *properties: Element) -> Element:
    """A paragraph in a style; `properties` follow the style in Word's order."""
    return el("w:p", el("w:pPr", el("w:pStyle", val=style), *properties), *runs)
