"""Our own template of a proposal, laid out as GB/T 9704-2012 lays out official papers.

A4; top margin 37 mm, left 28 mm, text area 156 × 225 mm, 22 lines of 28 characters; title 小标宋
22 pt, body 仿宋 16 pt, headings 黑体 and 楷体; page numbers outside, none on the cover. It is built
from this file, so nothing binary is kept; `write_template` gives an office the .docx to start from.

A template may use (docxtpl / Jinja2; unknown names are refused):

    {{ title }} {{ community }} {{ community_code }} {{ town }} {{ organization }} {{ lead }}
    {{ period }} {{ amount }} {{ version }} {{ date }}
    {%p for section in sections %} {{ section.number }} {{ section.ordinal }} {{ section.title }}
    {{ section.heading }} {{p section.body }} {%p endfor %}
    {{p s4 }}           the body of one section alone, s1 to s16

Missing styles (names begin with 三社) are lent by this template; an office that defines a style of
that name keeps its own.
"""

import io
from functools import lru_cache
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml

from sanshe.office.word.ooxml import Element, el, paragraph, run
from sanshe.office.word.styles import FONTS, STYLES
from sanshe.office.write import whole

#: Twentieths of a point: 225 mm / 22 lines. The 28 characters of a line come from the styles.
_LINE_PITCH = 579
_MARGINS = {"top": 2098, "right": 1474, "bottom": 1984, "left": 1588,
            "header": 851, "footer": 1389, "gutter": 0}  # fmt: skip


def write_template(path: Path) -> None:
    """Write our template as a file an office can change and hand back.

    Raises:
        OfficeError: the place cannot be written.
    """
    whole(path, lambda temporary: temporary.write_bytes(default_template()))


@lru_cache(maxsize=1)
def default_template() -> bytes:
    """The template as .docx."""
    document = Document()
    _fonts(document)
    _page_styles(document)
    add_styles(document)
    _page(document)
    body = document.element.body
    section = body.sectPr
    for element in [*_cover(), *_sections()]:
        section.addprevious(element)
    memory = io.BytesIO()
    document.save(memory)
    return memory.getvalue()


def add_styles(document: Doc) -> None:
    """Lend the styles our elements name to a document that does not have them."""
    styles = document.styles.element
    there = {style.get(qn("w:styleId")) for style in styles.findall(qn("w:style"))}
    for source in STYLES:
        style = parse_xml(source.replace("<w:style ", f"<w:style {nsdecls('w')} ", 1))
        if style.get(qn("w:styleId")) not in there:
            styles.append(style)


def _fonts(document: Doc) -> None:
    """Name substitutes for fonts that an office machine may not have."""
    part = document.part.part_related_by(RT.FONT_TABLE)
    entries = "".join(_font(name, others, family) for name, (others, family) in FONTS.items())
    part._blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<w:fonts {nsdecls('w')}>{entries}</w:fonts>"
    ).encode()


def _font(name: str, others: tuple[str, ...], family: str) -> str:
    charset = "00" if name.isascii() else "86"
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/>'
        f'<w:charset w:val="{charset}"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )


def _page_styles(document: Doc) -> None:
    """Chinese throughout: the language and the size that the character grid counts from."""
    styles = document.styles.element
    old = styles.find(qn("w:docDefaults"))
    new = parse_xml(
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋" '
        'w:cs="Times New Roman"/><w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    styles.replace(old, new)
    normal = document.styles["Normal"].element
    for child in normal.findall(qn("w:rPr")) + normal.findall(qn("w:pPr")):
        normal.remove(child)


def _page(document: Doc) -> None:
    section = document.sections[0]
    properties = section._sectPr
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        element = footer._element
        for old in list(element):
            element.remove(old)
        element.append(_page_number(side))
    for tag in ("w:pgSz", "w:pgMar", "w:cols", "w:docGrid", "w:titlePg"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    properties.extend([
        el("w:pgSz", w=11906, h=16838),
        el("w:pgMar", **_MARGINS),
        el("w:cols", space=720),
        el("w:titlePg"),
        el("w:docGrid", type="lines", linePitch=_LINE_PITCH),
    ])  # fmt: skip


def _page_number(side: str) -> Element:
    """— 3 —, one character in from the outer edge."""
    indent = el("w:ind", **{f"{side}Chars": 100, side: 280})
    field = el("w:fldSimple", run("1"), instr="PAGE")
    return paragraph("SanshePage", [run("— "), field, run(" —")], indent, el("w:jc", val=side))


def _cover() -> list[Element]:
    lines = [
        ("实施社区", "{{ town }}{{ community }}"),
        ("承担机构", "{{ organization }}"),
        ("项目负责人", "{{ lead }}"),
        ("项目周期", "{{ period }}"),
        ("申请金额", "{{ amount }}"),
        ("版　　本", "第{{ version }}版"),
    ]
    return [
        paragraph("SansheCoverKind", [run("社会工作服务项目方案")]),
        paragraph("SansheTitle", [run("{{ title }}")]),
        _cover_table(lines),
        paragraph("SansheCoverDate", [run("{{ date }}"), el("w:r", el("w:br", type="page"))]),
    ]


def _cover_table(lines: list[tuple[str, str]]) -> Element:
    """Names and facts in two columns, each fact on a rule to be seen from afar."""
    widths = (2150, 5300)
    rows = []
    for label, value in lines:
        rule = el("w:tcBorders", el("w:bottom", val="single", sz=6, space=0, color="7F7F7F"))
        rows.append(el(
            "w:tr",
            el("w:tc", el("w:tcPr", el("w:tcW", w=widths[0], type="dxa"),
                          el("w:vAlign", val="bottom")),
               paragraph("SansheCoverLabel", [run(label)])),
            el("w:tc", el("w:tcPr", el("w:tcW", w=widths[1], type="dxa"), rule,
                          el("w:vAlign", val="bottom")),
               paragraph("SansheCoverFact", [run(value)])),
        ))  # fmt: skip
    properties = el(
        "w:tblPr", el("w:tblW", w=sum(widths), type="dxa"), el("w:jc", val="center"),
        el("w:tblLayout", type="fixed"),
    )  # fmt: skip
    grid = el("w:tblGrid", *(el("w:gridCol", w=width) for width in widths))
    return el("w:tbl", properties, grid, *rows)


def _sections() -> list[Element]:
    return [
        paragraph("SansheBody", [run("{%p for section in sections %}")]),
        paragraph("SansheHeading1", [run("{{ section.heading }}")]),
        paragraph("SansheBody", [run("{{p section.body }}")]),
        paragraph("SansheBody", [run("{%p endfor %}")]),
    ]
