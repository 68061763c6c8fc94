"""Words taken out of a proposal when they turn out to concern somebody's safety."""

from sanshe.engine.draft import WITHDRAWN, Note, Paragraph, Section, withhold
from sanshe.engine.draft.withheld import Withheld

SAID = "孩子身上青一块紫一块，他说是摔的，我不敢问。"
SECRET = withhold({"7": SAID}, ["隔壁天天打孩子"])


def test_a_quotation_goes_with_its_footnote() -> None:
    text = "老师说：“不敢问”[^7]。另有人说：“路灯不亮”[^8]。"
    assert SECRET.words(text) == f"老师说：“{WITHDRAWN}”。另有人说：“路灯不亮”[^8]。"


def test_a_footnote_without_a_quotation_goes_alone() -> None:
    assert SECRET.words("另见[^7][^8]；再见[^7]") == "另见[^8]；再见"


def test_words_go_however_they_were_cut_or_punctuated() -> None:
    for text in (
        "有人提到孩子身上青一块紫一块…",
        "孩子 身上青一块、紫一块 他说是摔的",
        "“他说“是摔的我不敢问””[^7]",
    ):
        assert WITHDRAWN in SECRET.words(text)
        assert "身上青" not in SECRET.words(text) and "不敢问" not in SECRET.words(text)


def test_a_title_goes_as_a_whole_and_everyday_words_stay() -> None:
    assert SECRET.words("回应“隔壁天天打孩子”等3项") == f"回应“{WITHDRAWN}”等3项"
    assert SECRET.words("孩子放学没人接，身上没钱") == "孩子放学没人接，身上没钱"


def test_words_never_run_from_a_cell_into_the_next() -> None:
    row = "| 孩子身上青 | 一块紫一块 |"
    assert SECRET.words(row) == row


def test_what_others_said_too_is_no_secret() -> None:
    spared = SECRET.sparing(["我家孩子身上青一块紫一块的，是湿疹", "隔壁天天打孩子王那张牌"])
    assert spared.words("“孩子身上青一块紫一块”") == "“孩子身上青一块紫一块”"
    assert WITHDRAWN in spared.words("他说是摔的我不敢问")
    assert "隔壁天天打孩子" in spared.words("隔壁天天打孩子")


def test_every_text_inside_a_thing_is_reached() -> None:
    section = Section(4, "需求分析", (Paragraph(SAID),), ("7",))
    shown = SECRET.everywhere({"rows": [section, 3], "7": (SAID,)})
    assert SAID not in str(shown) and set(shown) == {"rows", "7"}
    assert SECRET.readable({"7": Note("7", SAID, ""), "8": Note("8", "", "")}).keys() == {"8"}


def test_without_secrets_nothing_changes() -> None:
    thing = Section(4, "需求分析", (Paragraph(SAID),))
    assert Withheld().everywhere(thing) is thing
    assert Withheld().words("a[^7]") == "a[^7]"


def test_a_very_long_text_takes_a_moment() -> None:
    for text in ("“" * 200_000, "[^" * 100_000, SAID * 8_000, "“a”[^7]" * 30_000):
        assert SAID not in SECRET.words(text)
