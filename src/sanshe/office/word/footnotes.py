"""Real footnotes: the part, its separators, and its entry in the settings."""

from collections.abc import Sequence

from docx.document import Document as Doc
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from lxml import etree

from sanshe.engine.draft.document import Note
from sanshe.office.word.ooxml import Element, el, paragraph, run

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PART_NAME = "/word/footnotes.xml"
#: What follows w:footnotePr in the settings, as the schema orders them.
_AFTER = ("endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema", "themeFontLang",
          "clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures",
          "forceUpgrade", "captions", "readModeInkLockDown", "smartTagType", "schemaLibrary",
          "shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol", "listSeparator")  # fmt: skip


def first_free_id(document: Doc) -> int:
    """The lowest footnote number that the template itself does not use."""
    part = _part(document)
    if part is None:
        return 1
    root = parse_xml(part.blob)
    ids = [int(note.get(qn("w:id"), "0")) for note in root.findall(qn("w:footnote"))]
    return max([0, *ids]) + 1


def add_footnotes(document: Doc, notes: Sequence[tuple[int, Note]]) -> None:
    """Write the notes into the document's footnotes, making the part where there is none."""
    if not notes:
        return
    part = _part(document) or _new_part(document)
    root = parse_xml(part.blob)
    root.extend(_footnote(ident, note) for ident, note in notes)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _part(document: Doc) -> Part | None:
    try:
        return document.part.part_related_by(RT.FOOTNOTES)
    except KeyError:
        return None


def _new_part(document: Doc) -> Part:
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{ident}"><w:p><w:pPr><w:spacing w:after="0" '
        f'w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for kind, ident in (("separator", -1), ("continuationSeparator", 0))
    )
    blob = f"<w:footnotes {nsdecls('w')}>{separators}</w:footnotes>".encode()
    part = Part(PackURI(_PART_NAME), _TYPE, blob, document.part.package)
    document.part.relate_to(part, RT.FOOTNOTES)
    _settings(document)
    return part


def _settings(document: Doc) -> None:
    """Tell the settings which two notes are the separators."""
    settings = document.settings.element
    if settings.find(qn("w:footnotePr")) is not None:
        return
    entry = el("w:footnotePr", el("w:footnote", id=-1), el("w:footnote", id=0))
    for child in settings:
        if etree.QName(child).localname in _AFTER:
            child.addprevious(entry)
            return
    settings.append(entry)


def _footnote(ident: int, note: Note) -> Element:
    mark = el("w:r", el("w:rPr", el("w:rStyle", val="SansheNoteMark")), el("w:footnoteRef"))
    source = f"（{note.source}）" if note.source and note.words else note.source
    words = run(f" “{note.words}”{source}" if note.words else f" {source or '原话见正文'}")
    return el("w:footnote", paragraph("SansheNote", [mark, words]), id=ident)
