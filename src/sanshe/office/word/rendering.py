"""`render_proposal`: a draft into a .docx, by our template or an office's own."""

import io
import re
import secrets
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from docx.document import Document as Doc
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from sanshe.engine.draft.codes import SECTION_TITLES
from sanshe.engine.draft.document import Draft
from sanshe.engine.draft.live import basic_rows, shown_blocks
from sanshe.engine.draft.text import runs
from sanshe.engine.draft.words import cn_date, cn_number
from sanshe.office import archives
from sanshe.office.errors import OfficeError, refusal
from sanshe.office.limits import Refused
from sanshe.office.word.body import Writer, breadth
from sanshe.office.word.footnotes import add_footnotes, first_free_id
from sanshe.office.word.ooxml import Element, clean, run
from sanshe.office.word.template import add_styles, default_template
from sanshe.office.write import whole

_MOST_BYTES = 20 * 2**20
#: Half-characters of 22 pt in a line of the cover.
_TITLE_LINE = 40
_GOOD_BREAKS = re.compile(r"社区|街道|居民|服务|需求|五社联动|[”》、，：）]")
#: Stands for a line break in a placeholder's words; typed text cannot hold it (a private sign).
_BREAK = "\ue000"


class _Body:
    """Stands for a section's body while the template is filled; used as `{{p section.body }}`."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __html__(self) -> str:
        return f"<w:p><w:r><w:t>{self.mark}</w:t></w:r></w:p>"

    __str__ = __html__


def render_proposal(draft: Draft, path: Path, template: Path | None = None) -> None:
    """Write the proposal as a Word document, whole or not at all.

    `template`: an office's own .docx with the placeholders of `template.py`; None for ours.

    Raises:
        OfficeError: bad_template (it cannot be opened or filled), or the place cannot be written.
    """
    content = proposal_bytes(draft, template)
    whole(path, lambda temporary: temporary.write_bytes(content))


def proposal_bytes(draft: Draft, template: Path | None = None) -> bytes:
    """The Word document as bytes, for a download.

    Raises:
        OfficeError: bad_template.
    """
    name = template.name if template else "proposal.docx"
    try:
        source = _weighed(template) if template else default_template()
        filler = DocxTemplate(io.BytesIO(source))
        token = secrets.token_hex(16)
        bodies = {number: _Body(f"{token}-{number}") for number in SECTION_TITLES}
        filler.render(_context(draft, bodies), _environment())
        document: Doc = filler.docx
    except Refused as error:
        raise refusal(error.code, name, detail=error.detail) from error
    except UndefinedError as error:
        raise _bad(name, f"占位符有误：{error}", f"placeholder: {error}") from error
    except SecurityError as error:
        raise _bad(name, "含有不允许的指令", "a forbidden instruction") from error
    except TemplateError as error:
        raise _bad(name, f"模板语法有误：{error}", f"template syntax: {error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError, TypeError,
            AttributeError, RecursionError, ArithmeticError, LookupError) as error:  # fmt: skip
        raise _bad(name, "打不开或内容已损坏", "it cannot be opened or is damaged") from error
    if not _fill(document, draft, token):
        raise _bad(name, "缺少正文占位符 {{p section.body }}", "no {{p section.body }} in it")
    add_styles(document)
    _properties(document, draft)
    memory = io.BytesIO()
    document.save(memory)
    return memory.getvalue()


def _bad(name: str, why: str, why_en: str) -> OfficeError:
    return OfficeError(
        "bad_template",
        f"模板“{name}”不能使用（{why}），请用 Word 检查后另存为 .docx，或改用自带模板。",
        f"The template “{name}” cannot be used ({why_en}); mend it or use the built-in one.",
    )


def _weighed(template: Path) -> bytes:
    """The office's file, after the checks every package from outside gets."""
    if template.stat().st_size > _MOST_BYTES:
        raise Refused("too_big", "20 MB")
    archives.weigh(template)
    return template.read_bytes()


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _context(draft: Draft, bodies: dict[int, _Body]) -> dict[str, Any]:
    """What a template may name: text, and the stand-ins of the sections' bodies."""
    cover = draft.cover
    facts = dict(basic_rows(draft))
    sections = [
        {
            "number": number,
            "ordinal": cn_number(number),
            "title": title,
            "heading": f"{cn_number(number)}、{title}",
            "body": bodies[number],
        }
        for number, title in SECTION_TITLES.items()
    ]
    words = {
        "title": facts["项目名称"],
        "community": cover.community,
        "community_code": cover.community_code,
        "town": cover.town,
        "organization": facts["承担机构"],
        "lead": facts["项目负责人"],
        "period": facts["项目周期"],
        "amount": facts["申请金额"].split("（")[0],
        "version": str(cover.version),
        "date": cn_date(cover.drafted_on) if cover.drafted_on else "【待填：编制日期】",
    }
    words = {name: value.replace(_BREAK, "") for name, value in words.items()}
    words["title"] = balanced(words["title"])
    shown: dict[str, Any] = {name: _line(value) for name, value in words.items()}
    shown |= {"sections": sections}
    return shown | {f"s{number}": body for number, body in bodies.items()}


def balanced(title: str) -> str:
    """A long title broken near its middle, after a word that can end a line."""
    if breadth(title) <= _TITLE_LINE or "【" in title:
        return title
    middle = len(title) / 2
    places = [match.end() for match in _GOOD_BREAKS.finditer(title)]
    good = [at for at in places if abs(at - middle) <= len(title) / 5]
    if not good:
        return title
    at = min(good, key=lambda at: abs(at - middle))
    return title[:at] + _BREAK + title[at:]


def _line(words: str) -> Markup:
    """Words for a placeholder inside a line: escaped, and blanks marked as everywhere else."""
    pieces = []
    for piece in runs(words):
        made = run(piece.words or f"[^{piece.note}]")
        text = made.find(qn("w:t"))
        plain = Markup.escape(text.text if text is not None else "")
        plain = plain.replace(_BREAK, Markup('</w:t><w:br/><w:t xml:space="preserve">'))
        if piece.blank:
            # Ends the run of the template's placeholder, marks the blank, and begins a new run.
            plain = (
                Markup('</w:t></w:r><w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr>'
                       '<w:t xml:space="preserve">') + plain
                + Markup('</w:t></w:r><w:r><w:t xml:space="preserve">')
            )  # fmt: skip
        pieces.append(plain)
    return Markup("").join(pieces)


def _fill(document: Doc, draft: Draft, token: str) -> bool:
    """Put the sections where their stand-ins are; False if the template has none."""
    writer = Writer(draft.notes, first_free_id(document))
    there = {section.number for section in draft.sections}
    found = list(_marked(document.element.body, token))
    for element, number in found:
        new = writer.blocks(shown_blocks(draft, number)) if number in there else []
        for made in new:
            element.addprevious(made)
        parent = element.getparent()
        assert parent is not None
        if parent.tag == qn("w:tc") and element.getnext() is None and not _ends_well(new):
            element.clear()  # a cell must end with a paragraph
        else:
            parent.remove(element)
    add_footnotes(document, writer.notes)
    return bool(found)


def _ends_well(made: list[Element]) -> bool:
    return bool(made) and made[-1].tag == qn("w:p")


def _marked(body: Element, token: str) -> Iterator[tuple[Element, int]]:
    """The stand-in paragraphs in order, with the number of their section."""
    for element in body.iter(qn("w:p")):
        words = "".join(text.text or "" for text in element.iter(qn("w:t")))
        if token in words:
            yield element, int(words.split(f"{token}-")[1][:2].strip(" ") or 0)


def _properties(document: Doc, draft: Draft) -> None:
    cover, properties = draft.cover, document.core_properties
    properties.title = clean(cover.title)[:255]
    properties.subject = clean(f"{cover.community}社会工作服务项目方案")[:255]
    properties.author = clean(cover.organization or "三社 Sanshe")[:255]
    properties.last_modified_by = "三社 Sanshe"
    properties.keywords = "项目方案，需求调研"
    properties.comments = ""
    properties.language = "zh-CN"
    properties.revision = max(1, cover.version)
    day = cover.drafted_on
    made = datetime.combine(day, time(), UTC) if day else datetime.now(UTC)
    properties.created = properties.modified = made.replace(tzinfo=None)
