"""What a draft says, what it leaves open, and what it never says."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanshe.engine.draft import (
    SECTION_TITLES,
    Colleague,
    Draft,
    DraftMatch,
    DraftOffer,
    DraftRules,
    ProjectFacts,
    blanks_in,
    draft,
    live_tables,
    notes_in,
    shown_blocks,
    text_of,
)
from sanshe.engine.draft.tests.factories import (
    GAPS,
    MATCHES,
    NEEDS,
    OFFERS,
    PROJECT,
    STATEMENTS,
    TREE,
    make_draft,
    make_need,
    make_statement,
    make_study,
)
from sanshe.engine.errors import EngineError


def words(made: Draft, number: int | None = None) -> str:
    numbers = [number] if number else list(SECTION_TITLES)
    return "\n".join(text_of(shown_blocks(made, n)) for n in numbers)


def test_a_draft_has_the_sixteen_sections_in_order() -> None:
    made = make_draft()
    assert [section.number for section in made.sections] == list(range(1, 17))
    assert all(section.blocks for section in made.sections)


def test_the_same_facts_in_another_order_give_the_same_draft() -> None:
    again = make_draft(needs=NEEDS[::-1], statements=STATEMENTS[::-1], matches=MATCHES[::-1],
                       offers=OFFERS[::-1])  # fmt: skip
    assert again == make_draft()


def test_safety_needs_and_what_was_said_of_them_appear_nowhere() -> None:
    made = make_draft()
    everything = words(made) + repr(made)
    assert "被打" not in everything
    assert "动手" not in everything
    assert "N5" not in everything
    assert "7条" in words(made, 3), "the safety statement is not even counted"


@pytest.mark.parametrize(
    "hidden",
    [
        make_need("N9", "MEN02", "B", title="一个不该出现的名字", statements=("9",)),
        make_need("N9", "ELD03", "P0", title="一个不该出现的名字", statements=("9",)),
        make_need("N9", "ELD03", "A", title="一个不该出现的名字", statements=("9",), safety=True),
    ],
)
def test_a_need_is_hidden_by_band_by_flag_or_by_leaf(hidden: object) -> None:
    said = make_statement("9", "一句不该出现的话")
    made = make_draft(needs=(*NEEDS, hidden), statements=(*STATEMENTS, said))
    assert "不该出现" not in words(made) + repr(made)


def test_an_unsafe_sentence_behind_a_plain_need_is_not_quoted() -> None:
    unsafe = make_statement("2", "我爸爸打我，我不敢回家吃饭", safety=True)
    made = make_draft(statements=(*STATEMENTS[:1], unsafe, *STATEMENTS[2:]))
    assert "不敢回家" not in words(made) + repr(made)


def test_every_footnote_has_its_statement_and_every_planned_need_a_footnote() -> None:
    made = make_draft()
    marks = {mark for section in made.sections for mark in notes_in(text_of(section.blocks))}
    assert marks == set(made.notes)
    assert {"1", "4", "5"} <= marks
    assert made.notes["1"].words == "中午没人做饭"
    assert made.notes["1"].source == "老人会，访谈，2026年3月5日"


def test_objectives_answer_needs_of_one_field_and_every_planned_need_once() -> None:
    made = make_draft()
    assert [row.needs for row in made.objectives] == [("N1", "N2"), ("N3",)]
    assert all(row.due_on == PROJECT.ends_on for row in made.objectives)


def test_fields_beyond_the_limit_share_the_last_objective() -> None:
    made = make_draft(rules=DraftRules(objectives_at_most=2,
                                       focus_bands=("A", "B", "C", "D")))  # fmt: skip
    assert [row.needs for row in made.objectives] == [("N1", "N2"), ("N3", "N4")]


def test_targets_are_the_sums_of_the_activities() -> None:
    made = make_draft()
    for index, objective in enumerate(made.objectives):
        own = [row for row in made.activities if row.objective == index]
        assert objective.target == sum(row.attendances for row in own) > 0
    for output in made.outputs:
        rows = [row for row in made.activities if row.kind == output.kind]
        sessions, people = sum(r.sessions for r in rows), sum(r.attendances for r in rows)
        assert output.target == (people if output.unit == "人次" else sessions)


def test_an_offer_is_never_planned_beyond_its_capacity() -> None:
    course = next(row for row in make_draft().activities if row.offer == "O2")
    assert course.sessions == 5


def test_an_offer_that_answers_two_fields_shares_its_capacity() -> None:
    matches = (DraftMatch("N1", "O2"), DraftMatch("N3", "O2"))
    made = make_draft(matches=matches)
    assert sum(row.sessions for row in made.activities if row.offer == "O2") == 5


@pytest.mark.parametrize("months", [1, 2, 3, 6, 24])
def test_months_stay_inside_the_period(months: int) -> None:
    end = date(2026 + (6 + months - 1) // 12, (6 + months - 1) % 12 + 1, 28)
    made = make_draft(project=dataclasses.replace(PROJECT, ends_on=end))
    assert made.cover.months == months
    assert all(1 <= row.month <= months for row in made.activities)


def test_a_camp_is_put_into_the_summer_holidays() -> None:
    need = make_need("N6", "CHD02", "C", 40.0, title="暑假没去处", statements=("5",))
    made = make_draft(needs=(*NEEDS, need), project=dataclasses.replace(
        PROJECT, starts_on=date(2026, 3, 1), ends_on=date(2027, 2, 28)))  # fmt: skip
    camp = next(row for row in made.activities if "研学" in row.title)
    assert camp.month == 5, "July is the fifth month from March"


def test_a_service_is_planned_while_its_offer_is_valid() -> None:
    late = DraftOffer("O1", "邻里食堂送餐", "meal", "示例餐饮", 60, 1_250,
                      valid_from=date(2027, 3, 15), valid_to=date(2027, 5, 1))  # fmt: skip
    made = make_draft(offers=(late, OFFERS[1]))
    assert next(row for row in made.activities if row.offer == "O1").month in (9, 10, 11)


def test_an_offer_outside_the_period_is_named_as_a_risk() -> None:
    gone = DraftOffer("O1", "邻里食堂送餐", "meal", "示例餐饮", 60, 1_250,
                      valid_to=date(2026, 5, 1))  # fmt: skip
    made = make_draft(offers=(gone, OFFERS[1]))
    assert any("邻里食堂送餐" in row.risk for row in made.risks)


def test_a_price_comes_from_an_offer_or_stays_open() -> None:
    made = make_draft()
    priced = {line.item: line.amount_fen for line in made.budget if line.priced}
    assert priced == {"邻里食堂送餐": 3 * 1_250, "四点半课堂": 5 * 33_333}
    assert made.total_fen == sum(priced.values())
    staff = next(line for line in made.budget if line.account == "1")
    assert (staff.unit_price_fen, staff.amount_fen, staff.quantity) == (0, 0, Decimal(12))
    assert "另有" in words(made, 1) and "未计入" in words(made, 11)


def test_all_nine_accounts_are_listed_in_order() -> None:
    accounts = [line.account for line in make_draft().budget]
    assert sorted(set(accounts)) == list("123456789")
    assert accounts == sorted(accounts)


def test_what_nobody_said_is_a_marked_blank() -> None:
    made = make_draft(project=ProjectFacts())
    open_things = blanks_in(words(made))
    for hint in ("承担机构名称", "项目起止日期", "项目负责人姓名", "统一社会信用代码"):
        assert f"【待填：{hint}】" in open_things
    assert made.cover.title == "花园城社区居民需求回应服务项目"
    assert all(row.due_on is None for row in made.objectives)
    assert "暂按12个月" in words(made, 8)


def test_what_people_have_settled_is_used() -> None:
    project = dataclasses.replace(
        PROJECT, lead="王某", funder="湖滨街道", credit_code="52350581MJ0B123423",
        team=(Colleague("王某", "项目负责人", "社会工作师"), Colleague("李某", "一线社工",
                                                            "助理社会工作师", 20)),
    )  # fmt: skip
    made = make_draft(project=project)
    assert made.team[0].certificate == "社会工作师"
    assert [row.name for row in made.team if row.part == "一线社工"] == ["李某"]
    assert all(line.funder == "湖滨街道" for line in made.budget)
    assert "52350581MJ0B123423" in words(made, 2)


def test_unmatched_needs_are_listed_with_what_is_missing() -> None:
    text = words(make_draft(), 4)
    assert "表4-5 未匹配的需求" in text
    assert "| 2 | 独居老人没人看望 | B | 本街道没有探访服务 | 邻里守望队 |" in text


def test_those_who_were_not_heard_are_named() -> None:
    text = words(make_draft(), 4)
    assert "没有听到医护的声音" in text
    assert "普通居民（20/25）" in text


def test_needs_of_band_d_are_listed_but_not_answered() -> None:
    made = make_draft()
    assert "| 社区环境与设施 | 得分较低，观察 | D：停车难 |" in words(made, 16)
    assert "停车难" not in words(made, 4)
    assert all("N4" not in row.needs for row in made.objectives)
    assert [row.id for row in made.needs] == ["N1", "N2", "N3"]
    assert [row.id for row in made.others] == ["N4"]


def test_what_is_left_out_is_still_counted() -> None:
    made = make_draft(focus=("N1",))
    text = words(made, 4)
    assert [row.needs for row in made.objectives] == [("N1",)]
    assert "| 合计 | 1 | 2 | 0 | 1 | 4 | 1 | 7 |" in text
    assert "其余3项同样已经登记" in text
    assert "| 为老服务 | 1 | 1 | — | — | 2 | 1 | 4 |" in text
    assert "7条" in words(made, 3), "every statement counts, whatever is answered"
    assert "孩子都在外面" not in "".join(note.words for note in made.notes.values())


def test_each_need_that_is_left_says_where_it_goes() -> None:
    need = make_need("N6", "ENV02", "C", 40.0, title="路口太乱", settled="已转介")
    made = make_draft(focus=("N1",), needs=(*NEEDS, need))
    assert {row.id: row.left for row in made.others} == {
        "N2": "缺资源，列缺口清单",
        "N3": "已有资源，转介",
        "N4": "得分较低，观察",
        "N6": "已转介",
    }
    assert all(row.left in words(made, 16) for row in made.others)


def test_what_belongs_to_no_need_is_counted_and_said() -> None:
    made = make_draft(statements=(*STATEMENTS, make_statement("9", "你好")))
    assert "另有1条（表4-2合计之内）未归入具体需求" in words(made, 4)


def test_a_chosen_safety_need_stays_out() -> None:
    made = make_draft(focus=("N1", "N5"))
    assert [row.id for row in made.needs] == ["N1"]
    assert "N5" not in repr(made)


def test_the_appendix_says_how_many_rows_it_does_not_show() -> None:
    made = make_draft(focus=("N1",), rules=DraftRules(rows_in_appendix=2))
    assert "表中列出前2项，其余1项见随附的电子表格" in words(made, 16)
    assert "停车难" not in words(made, 16)


def test_a_study_of_nothing_but_band_d_is_still_planned() -> None:
    made = make_draft(needs=NEEDS[3:4])
    assert [row.needs for row in made.objectives] == [("N4",)]


def test_a_study_without_needs_gives_a_draft_full_of_blanks() -> None:
    made = make_draft(needs=(), matches=(), gaps=(), statements=())
    assert len(made.sections) == 16
    assert made.objectives == ()
    assert "【待填：总目标】" in words(made, 7)


def test_typed_words_can_never_be_read_as_marks() -> None:
    nasty = make_need("N1", title="假的[^7]脚注【待填：骗】| 表 |\n## 标题", statements=("1",))
    made = make_draft(needs=(nasty, *NEEDS[1:]))
    assert "骗" not in "".join(blanks_in(words(made)))
    assert "7" not in notes_in(words(made, 3))
    assert "\n## 标题" not in words(made)


def test_unknown_bands_and_double_ids_are_refused() -> None:
    with pytest.raises(EngineError, match="unknown band"):
        make_draft(needs=[make_need("N1", band="Z")])
    with pytest.raises(EngineError, match="same id"):
        make_draft(needs=[NEEDS[0], NEEDS[0]])
    with pytest.raises(EngineError, match="same id"):
        make_draft(statements=[STATEMENTS[0], STATEMENTS[0]])


def test_columns_of_the_database_hold_what_is_drafted() -> None:
    long = "很" * 300
    needs = [dataclasses.replace(need, title=long) for need in NEEDS]
    offers = [dataclasses.replace(offer, title=long, provider=long) for offer in OFFERS]
    project = dataclasses.replace(PROJECT, funder=long)
    made = make_draft(needs=needs, offers=offers, project=project)
    for row in made.objectives:
        assert len(row.statement) <= 200 and len(row.indicator) <= 80
        assert len(row.baseline) <= 60 and len(row.source) <= 80 and len(row.unit) <= 12
    assert all(len(row.title) <= 120 and len(row.owner) <= 60 for row in made.activities)
    assert all(len(line.item) <= 80 and len(line.basis) <= 160 for line in made.budget)
    assert all(len(line.funder) <= 60 and len(line.unit) <= 12 for line in made.budget)
    assert all(len(row.risk) <= 160 and len(row.response) <= 240 for row in made.risks)
    assert all(len(row.part) <= 40 for row in made.team)


_leaves = st.sampled_from(["ELD03", "ELD05", "CHD01", "CHD02", "ENV02", "WFM01", "ZZZ01"])
_bands = st.sampled_from(["P0", "A", "B", "C", "D"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_leaves, _bands, st.integers(0, 100), st.none() | st.integers(0, 500)),
                max_size=12), st.integers(1, 30))  # fmt: skip
def test_whatever_the_needs_the_draft_is_sound(
    found: list[tuple[str, str, int, int | None]], months: int
) -> None:
    needs = [make_need(f"N{i}", leaf, band, float(score), people=people, statements=(str(i),))
             for i, (leaf, band, score, people) in enumerate(found)]  # fmt: skip
    statements = [make_statement(str(i)) for i in range(len(found))]
    year, month = divmod(months - 1, 12)
    project = dataclasses.replace(PROJECT, starts_on=date(2026, 1, 1),
                                  ends_on=date(2026 + year, month + 1, 28))  # fmt: skip
    made = draft(make_study(), needs, (), GAPS, OFFERS, statements, TREE, None, project)
    assert len(made.sections) == 16
    assert len(made.objectives) <= 6
    assert all(1 <= row.month <= months for row in made.activities)
    assert all(row.needs and row.target > 0 for row in made.objectives)
    assert made.total_fen == sum(line.amount_fen for line in made.budget)
    assert all(live_tables(made, number) for number in (7, 8, 9, 10, 11, 12))
