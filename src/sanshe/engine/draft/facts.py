"""What a draft is made from. Ids are text: the web hands in primary keys, the command line its own.

Nothing here is looked up or guessed: what the caller does not know stays empty or None, and becomes
a marked blank in the proposal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class MethodCount:
    """How often a method was used: gatherings (visits, talks, sheets) and people met."""

    code: str
    label: str
    gatherings: int = 0
    people: int = 0


@dataclass(frozen=True)
class InformantCount:
    """How many people of an informant category were heard, and how many were to be (quota).

    Hand in the whole code list: a category with people = 0 is one that was not heard.
    """

    code: str
    label: str
    people: int = 0
    quota: int | None = None


@dataclass(frozen=True)
class StudyFacts:
    """The study the proposal rests on (需求调研); `residents_source`: where that number is from."""

    title: str
    community: str
    community_code: str = ""
    town: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    purpose: str = ""
    residents: int | None = None
    residents_source: str = ""
    methods: tuple[MethodCount, ...] = ()
    informants: tuple[InformantCount, ...] = ()


@dataclass(frozen=True)
class Colleague:
    """A worker who may be in the team; `certificate` is the level's word, "" for none."""

    name: str
    part: str = ""
    certificate: str = ""
    hours_week: int = 0


@dataclass(frozen=True)
class ProjectFacts:
    """What people have already settled about the project; everything may still be open."""

    title: str = ""
    organization: str = ""
    lead: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    version: int = 1
    drafted_on: date | None = None
    funder: str = ""
    credit_code: str = ""
    grade: str = ""
    annual_report: str = ""
    certified_workers: int | None = None
    team: tuple[Colleague, ...] = ()


@dataclass(frozen=True)
class DraftStatement:
    """One thing one person said, personal data masked. Informant and method by their words.

    Statements with `safety`, or behind a safety need, are left out of everything.
    """

    id: str
    text: str
    informant: str = ""
    method: str = ""
    on: date | None = None
    safety: bool = False


@dataclass(frozen=True)
class DraftNeed:
    """A ranked need. priority: 0..100; band: P0 A B C D; people: residents affected, if known.

    components: 0..1 each, as `rank.Priority` gives them; `defaults` names those nobody has said.
    bradshaw: kinds of evidence (normative, felt, expressed, comparative).
    settled: what already happens with it outside this proposal, in words (已转介), "" for nothing.
    """

    id: str
    title: str
    leaf: str
    band: str = "D"
    priority: float = 0.0
    statements: tuple[str, ...] = ()
    components: Mapping[str, float] = field(default_factory=dict)
    defaults: frozenset[str] = frozenset()
    people: int | None = None
    bradshaw: tuple[str, ...] = ()
    target_group: str = ""
    safety: bool = False
    settled: str = ""


@dataclass(frozen=True)
class DraftOffer:
    """A service or resource at hand. `kind` as in the offers' code list.

    capacity: units that can still be given. unit_cost_fen: price of one unit; None or 0 = no price
    was named. charitable: it comes as a gift or voluntary work.
    """

    id: str
    title: str
    kind: str = "other"
    provider: str = ""
    capacity: int = 0
    unit_cost_fen: int | None = None
    target_groups: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    charitable: bool = False


@dataclass(frozen=True)
class DraftMatch:
    """A need and the offer it was given, with the fit (0..1) and the reason in a sentence."""

    need: str
    offer: str
    fit: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class DraftGap:
    """A need that no offer could take, why, and the title of the nearest offer if there is one."""

    need: str
    reason: str = ""
    nearest: str = ""


@dataclass(frozen=True)
class TreeNames:
    """The words of the tree of needs: by field code (ELD) and by leaf code (ELD03)."""

    fields: Mapping[str, str]
    leaves: Mapping[str, str]
