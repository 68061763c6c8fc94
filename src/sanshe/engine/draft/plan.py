"""Objectives and activities: needs of one field make an objective, of one answer an activity."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sanshe.engine.draft.document import Activity, Objective
from sanshe.engine.draft.evidence import Evidence, grouped
from sanshe.engine.draft.facts import DraftNeed, DraftOffer
from sanshe.engine.draft.fields import field_words
from sanshe.engine.draft.forms import OFFER_FORMS, form_of
from sanshe.engine.draft.text import plain
from sanshe.engine.draft.words import cut

#: Leaves whose services belong in the summer holidays.
_SUMMER = frozenset({"CHD02"})
_JULY = 7


@dataclass(frozen=True)
class Theme:
    """Needs that one objective answers; `fields` are the codes of their fields."""

    fields: tuple[str, ...]
    needs: tuple[DraftNeed, ...]


@dataclass(frozen=True)
class Plan:
    themes: tuple[Theme, ...]
    objectives: tuple[Objective, ...]
    activities: tuple[Activity, ...]
    months: int


@dataclass(frozen=True)
class _Bundle:
    """Needs that one activity answers: those given the same offer, or of the same leaf."""

    theme: int
    needs: tuple[DraftNeed, ...]
    offer: DraftOffer | None


def make_plan(facts: Evidence) -> Plan:
    """Objectives, and the activities that add up to them. Cost: O(n log n) in the needs."""
    themes = _themes(facts)
    months = _months(facts)
    bundles = [b for index, theme in enumerate(themes) for b in _bundles(facts, index, theme)]
    bundles.sort(key=lambda b: min(facts.rank[need.id] for need in b.needs))
    left = _shares(bundles)
    activities = [_activity(facts, bundle, left, months) for bundle in bundles]
    activities = _scheduled(facts, bundles, activities, months)
    activities.sort(key=lambda a: (a.month, a.objective or 0))
    objectives = tuple(
        _objective(facts, theme, [a for a in activities if a.objective == index])
        for index, theme in enumerate(themes)
    )
    return Plan(themes, objectives, _framed(facts, activities, months), months)


def theme_name(facts: Evidence, theme: Theme) -> str:
    """The field's name, or those of the fields that share the last objective."""
    names = [facts.field_name(code) for code in theme.fields]
    return "、".join(names[:2]) + ("等" if len(names) > 2 else "")


def _themes(facts: Evidence) -> tuple[Theme, ...]:
    """One theme a field, best need first; fields beyond the limit share the last one."""
    fields = list(grouped(facts.planned).items())
    most = max(1, facts.rules.objectives_at_most)
    alone, together = (fields, []) if len(fields) <= most else (fields[: most - 1],
                                                                fields[most - 1 :])  # fmt: skip
    themes = [Theme((code,), needs) for code, needs in alone]
    if together:
        codes = tuple(code for code, _ in together)
        themes.append(Theme(codes, tuple(need for _, needs in together for need in needs)))
    return tuple(themes)


def _months(facts: Evidence) -> int:
    start, end = facts.project.starts_on, facts.project.ends_on
    if start is None or end is None or end <= start:
        return facts.rules.months_if_open
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _bundles(facts: Evidence, index: int, theme: Theme) -> list[_Bundle]:
    found: dict[str, list[DraftNeed]] = {}
    offers: dict[str, DraftOffer | None] = {}
    for need in theme.needs:
        match = facts.matches.get(need.id)
        key = f"offer {match.offer}" if match else f"leaf {need.leaf}"
        found.setdefault(key, []).append(need)
        offers[key] = facts.offers[match.offer] if match else None
    return [_Bundle(index, tuple(needs), offers[key]) for key, needs in found.items()]


def _shares(bundles: Sequence[_Bundle]) -> dict[str, list[int]]:
    """Offer → units for each of its bundles: what is free, shared evenly, at least one each."""
    uses = Counter(b.offer.id for b in bundles if b.offer)
    free = {b.offer.id: b.offer.capacity for b in bundles if b.offer}
    return {
        offer: [max(1, free[offer] // count + (i < free[offer] % count)) for i in range(count)]
        for offer, count in uses.items()
    }


def _activity(
    facts: Evidence, bundle: _Bundle, left: dict[str, list[int]], months: int
) -> Activity:
    kind, title = form_of(bundle.needs[0].leaf)
    owner = "项目社工"
    units = None
    if bundle.offer:
        kind = OFFER_FORMS.get(bundle.offer.kind) or kind
        title = cut(plain(bundle.offer.title), 60) or title
        owner = cut(plain(bundle.offer.provider), 60) or owner
        units = left[bundle.offer.id].pop(0)
    voices = sum(max(1, facts.count(need)) for need in bundle.needs)
    people = sum(need.people or max(1, facts.count(need)) for need in bundle.needs)
    sessions, people = _size(facts, kind, voices, people, units, months)
    offer = bundle.offer.id if bundle.offer else ""
    return Activity(kind, title, sessions, people, 1, bundle.theme, owner, offer)


def _size(
    facts: Evidence, kind: str, voices: int, people: int, units: int | None, months: int
) -> tuple[int, int]:
    """Sessions and people of a session, never beyond the units an offer has."""
    size = facts.rules.sizes[kind]
    sessions = size.sessions
    people = min(max(people, size.least), size.most)
    if kind in ("casework", "referral"):
        sessions = min(voices, sessions)
    if kind == "visit":
        sessions = min(sessions, max(1, months - 2))
        if units is not None:
            people = min(people, units)
            units //= people
    if units is not None:
        sessions = min(sessions, units)
    return max(1, sessions), people


def _scheduled(
    facts: Evidence, bundles: Sequence[_Bundle], activities: Sequence[Activity], months: int
) -> list[Activity]:
    """Start months: urgent needs first, evenly over the time between opening and closing."""
    first, last = (2, months - 1) if months >= 3 else (1, months)
    span = last - first + 1
    spread = [i for i, activity in enumerate(activities) if activity.kind != "visit"]
    planned = []
    for index, (bundle, activity) in enumerate(zip(bundles, activities, strict=True)):
        month = first
        if activity.kind != "visit":
            month += spread.index(index) * span // len(spread)
        month = _fitting(facts, bundle, month, first, last)
        planned.append(replace(activity, month=month))
    return planned


def _fitting(facts: Evidence, bundle: _Bundle, month: int, first: int, last: int) -> int:
    """The nearest month in the holidays for camps, and in the offer's time, if there is one."""
    start = facts.project.starts_on
    if start is None:
        return month
    allowed = [m for m in range(first, last + 1) if _offered(bundle.offer, _calendar(start, m))]
    if any(need.leaf in _SUMMER for need in bundle.needs):
        allowed = [m for m in allowed if _calendar(start, m).month == _JULY] or allowed
    return min(allowed, key=lambda m: (abs(m - month), m), default=month)


def _calendar(start: date, month: int) -> date:
    """The first day of a project month."""
    index = start.year * 12 + start.month - 1 + month - 1
    return date(index // 12, index % 12 + 1, 1)


def _offered(offer: DraftOffer | None, month: date) -> bool:
    if offer is None:
        return True
    until = offer.valid_to
    since = offer.valid_from.replace(day=1) if offer.valid_from else None
    return (since is None or since <= month) and (until is None or month <= until)


def _framed(facts: Evidence, activities: Sequence[Activity], months: int) -> tuple[Activity, ...]:
    """The plan between its opening and the meeting that tells residents what became of it."""
    people = facts.rules.meeting_people
    return (
        Activity("publicity", "项目启动暨需求反馈会", 1, people, 1, None, "项目负责人"),
        *activities,
        Activity("publicity", "项目成果汇报与居民反馈会", 1, people, months, None, "项目负责人"),
    )


def _objective(facts: Evidence, theme: Theme, activities: Sequence[Activity]) -> Objective:
    target = sum(activity.attendances for activity in activities)
    due = facts.project.ends_on
    services = [activity.title for activity in activities]
    names = "、".join(cut(service, 24) for service in services[:3])
    names += "等" if len(services) > 3 else ""
    name = theme_name(facts, theme)
    who = field_words(theme.fields[0]).people if len(theme.fields) == 1 else "相关居民"
    who = who.split("，")[0]
    statement = f"为{who}开展{names}，服务不少于{target}人次，回应{name}需求"
    return Objective(
        cut(statement, 200),
        cut(f"{name.removesuffix('服务')}服务人次", 80),
        "人次",
        target,
        "0，现有【待填】",
        "、".join(_sources(activities)),
        due,
        tuple(need.id for need in theme.needs),
    )


def _sources(activities: Sequence[Activity]) -> list[str]:
    """The records the count is taken from."""
    words = {
        "casework": "个案服务记录",
        "visit": "探访记录",
        "referral": "转介与签收记录",
    }
    found = [words.get(activity.kind, "签到表与活动记录") for activity in activities]
    return list(dict.fromkeys(found))
