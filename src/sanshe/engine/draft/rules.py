"""How big a draft makes things. Every number is a default of the product that people may change.

Sources: group size and sessions from the textbook range (4–8 sessions, 6–12 members); the rest are
the product's own starting points, named as such in the proposal (docs/engine/draft.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Size:
    """Sessions of one activity, and the least and most people in a session."""

    sessions: int
    least: int
    most: int


_SIZES = {
    "casework": Size(10, 1, 1),
    "group": Size(6, 6, 12),
    "activity": Size(4, 15, 60),
    "course": Size(8, 10, 30),
    "visit": Size(12, 3, 30),
    "training": Size(2, 10, 30),
    "publicity": Size(2, 20, 80),
    "referral": Size(10, 1, 1),
}
#: Hours of a worker for one session with its preparation and record (casework: for one case).
_HOURS = {
    "casework": 15.0,
    "group": 5.0,
    "activity": 8.0,
    "course": 4.0,
    "visit": 1.0,
    "training": 6.0,
    "publicity": 6.0,
    "referral": 3.0,
}


@dataclass(frozen=True)
class DraftRules:
    """The settings of a draft.

    casework and referral sessions are counts of cases and links: one a voice, at most `sessions`.
    visit sessions are rounds: one a month, at most `sessions`; people are the homes of a round.
    hours: a worker's hours for one session (visits: for one home).
    focus_needs, focus_fields, focus_bands: how much a proposal takes up by itself (`focus.py`).
    rows_in_appendix: of the needs that are left, so many are listed (表16-2).
    """

    objectives_at_most: int = 6
    focus_needs: int = 12
    focus_fields: int = 5
    focus_bands: tuple[str, ...] = ("A", "B", "C")
    quotes_a_need: int = 2
    quote_length: int = 60
    quote_in_table: int = 32
    rows_in_need_table: int = 40
    rows_in_appendix: int = 150
    months_if_open: int = 12
    meeting_people: int = 30
    satisfaction: int = 85
    hours_week: int = 40
    sizes: Mapping[str, Size] = field(default_factory=lambda: dict(_SIZES))
    hours: Mapping[str, float] = field(default_factory=lambda: dict(_HOURS))
