"""A title in people's own words."""

from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.title import LONGEST, propose_title


def test_the_clause_that_most_share_is_chosen():
    texts = ["晚上路灯不亮，我妈不敢出门", "巷口路灯不亮", "路灯不亮走夜路害怕", "今天下雨了没出门"]
    assert "路灯不亮" in propose_title(texts)


def test_what_is_said_before_the_matter_is_left_out():
    assert propose_title(["嗯，说实话，我觉得老人吃饭不方便。"]) == "老人吃饭不方便"


def test_a_long_sentence_is_cut_with_an_ellipsis():
    title = propose_title(["老" * 80])
    assert len(title) == LONGEST and title.endswith("…")


def test_nothing_said_is_no_title():
    assert propose_title([]) == "" == propose_title([" ", ""])


def test_the_earlier_text_wins_a_tie():
    assert propose_title(["甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"]) == "甲乙丙丁戊己庚辛"


@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_title_is_never_too_long_and_has_no_line_break(texts):
    title = propose_title(texts)
    assert len(title) <= LONGEST and "\n" not in title


@given(
    st.lists(st.text(alphabet="路灯不亮，。吃饭", min_size=1, max_size=20), min_size=1, max_size=5)
)
def test_the_same_texts_give_the_same_title(texts):
    assert propose_title(texts) == propose_title(list(texts))
