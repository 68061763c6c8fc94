"""Headings and codes: Chinese, English and the words offices make up."""

import pytest

from sanshe.office.codes import (
    BANDS,
    INFORMANTS,
    LANGUAGES,
    METHODS,
    OFFER_KINDS,
    TARGET_GROUPS,
    CodeList,
    split_words,
    yes_or_no,
)
from sanshe.office.headings import WANTED

ALL = [INFORMANTS, METHODS, OFFER_KINDS, TARGET_GROUPS, LANGUAGES, BANDS]


@pytest.mark.parametrize("codes", ALL)
def test_every_code_and_its_chinese_word_mean_the_code(codes: CodeList) -> None:
    for code, label in codes.labels.items():
        assert codes.code(code) == code
        assert codes.code(label) == code
        assert codes.code(f" {label.upper()} ") == code


def test_the_informant_list_is_the_one_of_the_reference() -> None:
    assert list(INFORMANTS.labels.values()) == [
        "社区两委",
        "老人会",
        "企业负责人",
        "普通居民",
        "环卫工人",
        "保安/物业",
        "网格员",
        "学校/教师",
        "医护",
        "民警",
        "志愿者",
        "社区社会组织",
        "流动人口",
        "低保/特困",
        "残疾人及家属",
        "儿童青少年",
        "其他",
    ]
    assert list(METHODS.labels) == ["VISIT", "INTV", "FG", "SURV", "DOC", "MAP", "DELIB", "REQ"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("居委会", "committee"),
        ("支书", "committee"),
        ("村两委", "committee"),
        ("环卫", "sanitation"),
        ("清洁工", "sanitation"),
        ("保洁", "sanitation"),
        ("物业", "security"),
        ("保安、物业", "security"),
        ("外来务工人员", "migrant"),
        ("低保户", "low_income"),
        ("教师", "school"),
        ("Committee", "committee"),
    ],
)
def test_near_words_mean_the_listed_informant(word: str, code: str) -> None:
    assert INFORMANTS.code(word) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("居委会保洁员", "sanitation"),
        ("低保居民", "low_income"),
        ("第三网格网格长老张", "grid"),
        ("南区居民", "resident"),
        ("快递小哥", None),
    ],
)
def test_the_last_word_inside_decides_and_weak_words_come_last(said: str, code: str) -> None:
    assert INFORMANTS.code_inside(said) == code


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("反映内容", "text"),
        ("诉求", "text"),
        ("意见建议", "text"),
        ("*反映内容（必填）", "text"),
        ("3、诉求内容", "text"),
        ("反 映 内 容", "text"),
        ("居民反映的主要诉求", "text"),
        ("存在的困难和问题", "text"),
        ("内容\n（原话）", "text"),
        ("受访对象", "informant"),
        ("类别", "informant"),
        ("小区", "community_code"),
        ("社区（村）", "community_code"),
        ("社区/村", "community_code"),
        ("走访日期", "date"),
        ("日  期", "date"),
        ("时间(年月日)", "date"),
        ("序号", "id"),
        ("No.", "id"),
        ("community_code", "community_code"),
        ("Community Code", "community_code"),
        ("收集方式", "method"),
        ("ＴＥＸＴ", "text"),
    ],
)
def test_a_heading_is_known_however_it_is_dressed(heading: str, field: str) -> None:
    match = WANTED["statements"].field(heading)
    assert match is not None and match[0] == field


@pytest.mark.parametrize(
    "heading",
    [
        "处理意见",
        "领导批示",
        "诉求类别",
        "反映人",
        "姓名",
        "联系电话",
        "备注",
        "基本情况",
        "办理情况",
    ]
    + ["回复内容", "居民诉求登记表", "反映问题处理情况", "跟进措施", "", 5, None, "长" * 500],
)
def test_other_columns_are_not_taken_for_statements(heading: object) -> None:
    match = WANTED["statements"].field(heading)
    assert match is None


def test_contract_headings_are_known_in_every_table() -> None:
    contract = {
        "statements": "id text informant community_code date method",
        "texts": "id text place label",
        "labelled": "text label",
        "offers": "id provider kind title leaf_codes target_groups capacity catchment languages "
        "unit_cost_fen valid_from valid_to minors_cleared",
        "needs": "id leaf_codes community_code people priority band target_group languages from to",
    }
    for table, fields in contract.items():
        for name in fields.split():
            assert WANTED[table].field(name) == (name, 0), (table, name)


def test_cells_that_list_words_are_split() -> None:
    assert split_words("普通话、闽南语, zh|nan；en") == ["普通话", "闽南语", "zh", "nan", "en"]


def test_yes_and_no_are_known_and_nothing_else() -> None:
    assert [yes_or_no(word) for word in ("是", "√", "TRUE", "１")] == [True] * 4
    assert [yes_or_no(word) for word in ("否", "×", "no", "0")] == [False] * 4
    assert yes_or_no("大概") is None
