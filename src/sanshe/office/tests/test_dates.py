"""A date is one real day, or an error that says why."""

import contextlib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.office.dates import AmbiguousDate, BadDate, DateError, full_years, no_date, read_date

FIRST = date(2026, 3, 1)
DAYS = st.dates(date(1955, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        FIRST,
        datetime(2026, 3, 1, 9, 30),
        46082,
        46082.4,
        "46082",
        20260301,
        "20260301",
        "2026年3月1日",
        "2026年03月01日",
        "2026 年 3 月 1 日",
        "２０２６年３月１日",
        "2026年3月1号",
        "2026年3月1日（星期日）",
        "2026年3月1日上午",
        "2026年3月1日上午9时30分",
        "2026.3.1",
        "2026-3-1",
        "2026/3/1",
        "2026-03-01 14:30",
        "2026/3/1 0:00:00",
        "2026-03-01T09:00:00+08:00",
        "二〇二六年三月一日",
        "二零二六年三月一日",
        "二○二六年三月一日",
        "26年3月1日",
        "March 1, 2026",
        "1 Mar 2026",
    ],
)
def test_every_usual_way_of_writing_a_day_is_read(cell: object) -> None:
    assert read_date(cell) == FIRST


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026年13月1日",
        "2026-4-31",
        "2月30日",
        "2025年2月29日",
        "31/31/2026",
        "3月1日-3日",
        "3月1日至3日",
        "2026.3.1-3.3",
        "2026年3月1日—3月3日",
        "3月1-3日",
        "2026年3月",
        "三月份",
        "3月上旬",
        "昨天",
        "农历三月初一",
        "不详",
        "0226-3-1",
        "1899-12-31",
        "2026-3-1-4",
        True,
        44.0,
        -5,
        1e300,
        "9" * 5000,
    ],
)
def test_what_is_no_real_day_is_wrong(cell: object) -> None:
    with pytest.raises(BadDate):
        read_date(cell, year=2026)


@pytest.mark.parametrize("cell", ["3/4/2026", "03-04-26", "26-03-01", "3/4", "3.4", 3.1])
def test_what_can_be_read_two_ways_is_ambiguous_even_with_a_year(cell: object) -> None:
    with pytest.raises(AmbiguousDate):
        read_date(cell, year=2026)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("3/25/2026", date(2026, 3, 25)),
        ("25/3/2026", date(2026, 3, 25)),
        ("3/3/2026", date(2026, 3, 3)),
        ("99-03-31", date(2099, 3, 31)),
    ],
)
def test_one_real_reading_of_several_is_taken(cell: str, day: date) -> None:
    assert read_date(cell) == day


@pytest.mark.parametrize("cell", ["3月1日", "3月1号", "三月一日", "2月29日"])
def test_a_day_without_a_year_is_ambiguous(cell: str) -> None:
    with pytest.raises(AmbiguousDate):
        read_date(cell)


def test_a_given_year_completes_month_and_day() -> None:
    assert read_date("3月1日", year=2026) == FIRST
    assert read_date("三月一日", year=2026) == FIRST
    assert read_date("3/25", year=2026) == date(2026, 3, 25)
    assert read_date("2月29日", year=2024) == date(2024, 2, 29)


@pytest.mark.parametrize("cell", [None, "", "-", "——", " / ", "…".replace("…", ".")])
def test_a_dash_stands_for_no_date(cell: object) -> None:
    assert no_date(cell)


def test_years_are_found_in_titles() -> None:
    assert full_years("石狮市2026年度居民诉求登记表") == {2026}
    assert full_years("二〇二六年三月走访") == {2026}
    assert full_years("2025年—2026年") == {2025, 2026}
    assert full_years("电话 20261234") == set()


def chinese(number: int) -> str:
    """21 as 二十一."""
    digits = "〇一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


@given(DAYS)
def test_every_day_is_read_back_from_every_whole_form(day: date) -> None:
    years = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    forms: list[object] = [
        day,
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        day.isoformat(),
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        f"{years}年{chinese(day.month)}月{chinese(day.day)}日",
    ]
    serial = (day - date(1899, 12, 30)).days
    if serial >= 20_000:
        forms.append(serial)
    assert {read_date(form) for form in forms} == {day}


@given(DAYS)
def test_month_and_day_come_back_with_the_year(day: date) -> None:
    assert read_date(f"{day.month}月{day.day}日", year=day.year) == day


@given(DAYS)
def test_numbers_only_is_read_exactly_when_one_day_fits(day: date) -> None:
    said = f"{day.month}/{day.day}/{day.year}"
    if day.day > 12 or day.day == day.month:
        assert read_date(said) == day
    else:
        with pytest.raises(AmbiguousDate):
            read_date(said)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1950, 2100))
def test_a_day_that_does_not_exist_is_never_moved_to_one_that_does(
    month: int, day: int, year: int
) -> None:
    said = f"{year}年{month}月{day}日"
    try:
        assert read_date(said) == date(year, month, day)
    except DateError:
        with pytest.raises(ValueError):
            date(year, month, day) + timedelta(0)


@given(st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.booleans()))
def test_any_cell_is_a_day_or_a_date_error(cell: object) -> None:
    with contextlib.suppress(DateError):
        assert isinstance(read_date(cell, year=2026), date)
