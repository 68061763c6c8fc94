"""The Word form: real footnotes, replaceable templates, and text that is only ever text."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from sanshe.engine.draft import SECTION_TITLES, Draft, Paragraph, Section, Table
from sanshe.engine.draft.tests.factories import NEEDS, make_draft, make_need, make_statement
from sanshe.office.errors import OfficeError
from sanshe.office.word import proposal_bytes, render_proposal, write_template
from sanshe.office.word.body import column_widths
from sanshe.office.word.rendering import balanced

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def shown(content: bytes) -> str:
    return "".join(part(content, "word/document.xml").itertext())


def with_section(number: int, words: str) -> Draft:
    made = make_draft()
    return replace(made, sections=tuple(
        Section(s.number, s.title, (Paragraph(words),)) if s.number == number else s
        for s in made.sections
    ))  # fmt: skip


def own_template(path: Path, *paragraphs: str) -> Path:
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(str(path))
    return path


def test_a_proposal_holds_all_sections_and_tables() -> None:
    document = Document(io.BytesIO(proposal_bytes(make_draft())))
    said = [paragraph.text for paragraph in document.paragraphs]
    for title in SECTION_TITLES.values():
        assert any(words.endswith(f"、{title}") for words in said)
    captions = [words for words in said if words.startswith("表11-1")]
    assert len(captions) == 1
    assert document.core_properties.title == "家门口的回应"
    assert document.core_properties.language == "zh-CN"


def test_the_page_is_laid_out_as_the_standard_says() -> None:
    section = Document(io.BytesIO(proposal_bytes(make_draft()))).sections[0]
    height, width = section.page_height.mm, section.page_width.mm  # type: ignore[union-attr]
    assert section.top_margin.mm == pytest.approx(37, abs=0.1)  # type: ignore[union-attr]
    assert section.left_margin.mm == pytest.approx(28, abs=0.1)  # type: ignore[union-attr]
    text_width = width - section.left_margin.mm - section.right_margin.mm  # type: ignore[union-attr]
    text_height = height - section.top_margin.mm - section.bottom_margin.mm  # type: ignore[union-attr]
    assert text_width == pytest.approx(156, abs=0.2)
    assert text_height == pytest.approx(225, abs=0.2)


def test_footnotes_are_real_and_each_mark_has_its_note() -> None:
    content = proposal_bytes(make_draft())
    marks = [int(mark.get(qn("w:id"))) for mark in
             part(content, "word/document.xml").iter(f"{W}footnoteReference")]  # fmt: skip
    notes = {int(note.get(qn("w:id"))): "".join(note.itertext()) for note in
             part(content, "word/footnotes.xml")}  # fmt: skip
    assert len(marks) == len(set(marks)) > 0
    assert set(notes) == {-1, 0, *marks}
    assert any("中午没人做饭" in words and "老人会" in words for words in notes.values())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"footnotes+xml" in archive.read("[Content_Types].xml")
        assert b"relationships/footnotes" in archive.read("word/_rels/document.xml.rels")
        assert b"footnotePr" in archive.read("word/settings.xml")


def test_blanks_are_marked_and_headings_of_tables_are_repeated() -> None:
    body = part(proposal_bytes(make_draft()), "word/document.xml")
    marked = ["".join(run.itertext()) for run in body.iter(f"{W}r")
              if run.find(f"{W}rPr/{W}highlight") is not None]  # fmt: skip
    assert "【待填：项目负责人姓名】" in marked
    assert all(words.startswith("【待填") for words in marked)
    tables = [table for table in body.iter(f"{W}tbl")
              if table.find(f"{W}tblPr/{W}tblStyle") is not None]  # fmt: skip
    assert tables and all(table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
                          for table in tables)  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "</w:t><w:evil/>", "{{ 7*7 }}", "{% raw %}", "{_{ x }_}", "&lt;b&gt; & <b>",
        "\x00\x0b坏\ud800", "a\nb\tc", "{{p s4 }}", "\ue000",
    ],
)  # fmt: skip
def test_typed_text_is_never_markup_or_a_placeholder(typed: str) -> None:
    need = make_need("N1", title=typed, statements=("1",))
    made = make_draft(needs=(need, *NEEDS[1:]),
                      statements=(make_statement("1", typed + "我要吃饭"),))  # fmt: skip
    made = replace(made, cover=replace(made.cover, title=f"题{typed}目"))
    content = proposal_bytes(made)
    Document(io.BytesIO(content))
    assert not list(part(content, "word/document.xml").iter(f"{W}evil"))
    assert "49" not in "".join(p.text for p in Document(io.BytesIO(content)).paragraphs[:3])
    if typed.isprintable() and "\ue000" not in typed:
        assert shown(content).count(typed) >= 1


def test_what_people_wrote_stands_as_they_wrote_it() -> None:
    made = with_section(3, "人工写的一段{{ title }}，没有出处[^404]。")
    words = shown(proposal_bytes(made))
    assert "人工写的一段{{ title }}，没有出处【出处缺失：404】。" in words


def test_the_sum_on_the_first_page_follows_the_rows() -> None:
    made = make_draft()
    changed = replace(made, budget=tuple(replace(b, unit_price_fen=100) for b in made.budget))
    assert f"{changed.total_fen / 100:,.2f}元" in shown(proposal_bytes(changed))


def test_an_offices_own_template_is_used(tmp_path: Path) -> None:
    template = own_template(tmp_path / "自己的.docx", "某某街道 {{ title }}（{{ organization }}）",
                            "{%p for section in sections %}", "{{ section.heading }}",
                            "{{p section.body }}", "{%p endfor %}")  # fmt: skip
    render_proposal(make_draft(), tmp_path / "out.docx", template)
    document = Document(str(tmp_path / "out.docx"))
    assert document.paragraphs[0].text == "某某街道 家门口的回应（示例社工事务所）"
    content = (tmp_path / "out.docx").read_bytes()
    assert list(part(content, "word/footnotes.xml").iter(f"{W}footnote"))
    names = {style.get(qn("w:styleId")) for style in part(content, "word/styles.xml")}
    assert {"SansheBody", "SansheTable", "SansheNoteMark"} <= names


def test_our_template_can_be_taken_changed_and_handed_back(tmp_path: Path) -> None:
    write_template(tmp_path / "模板.docx")
    document = Document(str(tmp_path / "模板.docx"))
    document.paragraphs[0].runs[0].text = "湖滨街道社会工作服务方案"
    document.save(str(tmp_path / "改过.docx"))
    content = proposal_bytes(make_draft(), tmp_path / "改过.docx")
    assert "湖滨街道社会工作服务方案" in shown(content)
    assert "十六、附件" in shown(content)


def test_a_template_may_take_single_sections(tmp_path: Path) -> None:
    template = own_template(tmp_path / "t.docx", "只要需求分析", "{{p s4 }}")
    words = shown(proposal_bytes(make_draft(), template))
    assert "表4-4 本期回应的需求" in words
    assert "表11-1" not in words


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("没有正文",),
        ("{{ nonsense }}", "{{p s4 }}"),
        ("{% for x in %}", "{{p s4 }}"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{p s4 }}"),
        ("{{ 1/0 }}", "{{p s4 }}"),
    ],
)
def test_a_bad_template_gives_one_clear_error(tmp_path: Path, paragraphs: tuple[str, ...]) -> None:
    template = own_template(tmp_path / "坏.docx", *paragraphs)
    with pytest.raises(OfficeError) as caught:
        render_proposal(make_draft(), tmp_path / "out.docx", template)
    assert caught.value.code == "bad_template"
    assert "坏.docx" in caught.value.message
    assert "\n" not in caught.value.message
    assert not (tmp_path / "out.docx").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"<html></html>"])
def test_what_is_no_document_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.docx").write_bytes(content)
    with pytest.raises(OfficeError):
        proposal_bytes(make_draft(), tmp_path / "t.docx")
    with pytest.raises(OfficeError):
        proposal_bytes(make_draft(), tmp_path / "missing.docx")


def test_a_zip_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.docx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(OfficeError):
        proposal_bytes(make_draft(), tmp_path / "t.docx")


def test_columns_fill_the_text_area_and_none_vanishes() -> None:
    table = Table("", ("序号", "说明", "数"), (("1", "长" * 300, "1,234,567.89"), ("2", "短", "1")))
    widths = column_widths(table)
    assert sum(widths) == 8844
    assert widths[1] > widths[2] > widths[0] > 300


def test_a_long_title_is_broken_near_its_middle() -> None:
    assert balanced("家门口的回应") == "家门口的回应"
    lines = balanced("“家门口的回应”花园城社区五社联动服务项目").split("\ue000")
    assert lines == ["“家门口的回应”", "花园城社区五社联动服务项目"]
    assert balanced("很" * 40) == "很" * 40, "no place to break: Word breaks it"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice)")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    render_proposal(make_draft(), tmp_path / "方案.docx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to",
         "pdf", "--outdir", str(tmp_path), str(tmp_path / "方案.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert (tmp_path / "方案.pdf").read_bytes().startswith(b"%PDF")
