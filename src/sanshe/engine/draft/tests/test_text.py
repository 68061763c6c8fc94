"""The text of a section, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.draft import Bullets, Heading, Paragraph, Table, blocks_of, runs, text_of
from sanshe.engine.draft.tests.factories import make_draft
from sanshe.engine.draft.text import blanks_in, note, notes_in, plain


def test_every_drafted_section_survives_the_round_trip() -> None:
    for section in make_draft().sections:
        assert blocks_of(text_of(section.blocks)) == section.blocks


@given(st.text(max_size=400))
def test_whatever_people_write_has_a_reading_that_is_stable(text: str) -> None:
    once = blocks_of(text)
    assert blocks_of(text_of(once)) == once


@given(st.text(max_size=200))
def test_plain_words_hold_no_mark_and_are_one_line(words: str) -> None:
    said = plain(words)
    assert not notes_in(said) and not blanks_in(said)
    assert "\n" not in said and "|" not in said


def test_the_forms_are_read() -> None:
    text = "## 一节\n话[^12]。\n- 甲\n- 乙\n\n- 丙\n表1-1 名\n"
    text += "| a | b |\n|---|---|\n| 1 |\n| 合计 | 2 |"
    assert blocks_of(text) == (
        Heading("一节"),
        Paragraph("话[^12]。"),
        Bullets(("甲", "乙")),
        Bullets(("丙",)),
        Table("表1-1 名", ("a", "b"), (("1", ""), ("合计", "2"))),
    )


def test_runs_tell_words_blanks_and_footnotes_apart() -> None:
    found = list(runs("共3条[^12][^A-1]，联系人【待填：姓名】。【待填】"))
    assert [(r.words, r.blank, r.note) for r in found] == [
        ("共3条", False, ""),
        ("", False, "12"),
        ("", False, "A-1"),
        ("，联系人", False, ""),
        ("【待填：姓名】", True, ""),
        ("。", False, ""),
        ("【待填】", True, ""),
    ]


@pytest.mark.parametrize("ident", ["12", "N-1", "表一 3", "a[b]c", "x" * 100])
def test_any_id_can_be_a_footnote(ident: str) -> None:
    assert len(notes_in(f"话{note(ident)}。")) == 1


def test_columns_of_figures_and_rows_of_sums_are_seen() -> None:
    table = Table("", ("名", "数"), (("甲", "1,200.00"), ("乙", "—"), ("合计", "3")))
    assert table.figures == {1}
    assert table.sums == {2}
