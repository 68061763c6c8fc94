"""Priority of needs, in the open: five inputs, five weights, every component shown.

`priority = Σ weight × component`, each component in 0..1, the weights summing to 1. Source: the
product's own scale (no national scoring standard is known); see docs/engine/rank.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields

from sanshe.engine.errors import EngineError

#: Affected residents that count as full reach: this share of all residents.
FULL_REACH = 0.05
#: Bradshaw's four kinds of need; each kind with evidence adds a quarter.
BRADSHAW = ("normative", "felt", "expressed", "comparative")
#: Lower bounds of the bands A, B and C on the 0..100 scale; below is D.
BANDS = (("A", 75.0), ("B", 55.0), ("C", 35.0))
#: The order in which bands are served.
BAND_ORDER = ("P0", "A", "B", "C", "D")

#: Informants who speak from an office or a profession: what they ask for is a standard's need.
_NORMATIVE = frozenset({"committee", "grid", "school", "medical", "police"})


@dataclass(frozen=True)
class Weights:
    """Weights of the five components. They must be ≥ 0 and sum to 1 (within 1e-6)."""

    severity: float = 0.30
    urgency: float = 0.20
    reach: float = 0.20
    evidence: float = 0.15
    feasibility: float = 0.15

    def __post_init__(self) -> None:
        values = [getattr(self, f.name) for f in fields(self)]
        if min(values) < 0 or abs(sum(values) - 1) > 1e-6:
            raise EngineError(f"weights must be ≥ 0 and sum to 1, not {values}")


@dataclass(frozen=True)
class RankInput:
    """What is known of one need. None means nobody has said; a documented default stands in.

    severity, urgency, feasibility: 1..5. people: residents affected. residents: residents of the
    community. bradshaw: kinds of need with evidence. voices: statements behind the need.
    all_voices: statements in the whole study. safety: harm to a person said or strongly hinted.
    """

    severity: int | None = None
    urgency: int | None = None
    feasibility: int | None = None
    people: int | None = None
    residents: int | None = None
    bradshaw: Collection[str] = ()
    voices: int = 1
    all_voices: int = 1
    safety: bool = False


@dataclass(frozen=True)
class Priority:
    """The score (0..100), its band, each component (0..1), and which of them are defaults."""

    score: float
    band: str
    components: Mapping[str, float]
    defaults: frozenset[str] = field(default_factory=frozenset)


def bradshaw_kinds(informants: Collection[str], methods: Collection[str]) -> tuple[str, ...]:
    """Which kinds of need the sources themselves are evidence of (Bradshaw 1972).

    Felt: somebody was asked. Expressed: somebody came by himself (REQ) or residents voted
    (DELIB). Normative: an office or a profession says so. Comparative: figures were read (DOC).
    """
    kinds = set()
    if not methods or set(methods) - {"REQ", "DOC"}:
        kinds.add("felt")
    if {"REQ", "DELIB"} & set(methods):
        kinds.add("expressed")
    if _NORMATIVE & set(informants):
        kinds.add("normative")
    if "DOC" in methods:
        kinds.add("comparative")
    return tuple(kind for kind in BRADSHAW if kind in kinds)


def priority(need: RankInput, weights: Weights | None = None) -> Priority:
    """The priority of one need.

    A safety need is not scored: it is P0 with score 100, and goes to people at once.
    Defaults: severity, urgency and feasibility 3 of 5; reach from the share of voices where the
    number of people or of residents is unknown (5 % of all voices count as full reach).

    Raises:
        EngineError: a scale value outside 1..5, a negative count, an unknown Bradshaw kind.
    Cost: O(1).
    """
    weights = weights or Weights()
    _check(need)
    defaults = {name for name in ("severity", "urgency", "feasibility")
                if getattr(need, name) is None}  # fmt: skip
    components = {
        "severity": _scale(need.severity),
        "urgency": _scale(need.urgency),
        "reach": _reach(need, defaults),
        "evidence": len(set(need.bradshaw)) / len(BRADSHAW),
        "feasibility": _scale(need.feasibility),
    }
    score = 100 * sum(getattr(weights, name) * value for name, value in components.items())
    score = round(score, 4)
    if need.safety:
        return Priority(100.0, "P0", components, frozenset(defaults))
    return Priority(score, band_of(score), components, frozenset(defaults))


def band_of(score: float) -> str:
    """A, B, C or D for a score of 0..100."""
    return next((band for band, floor in BANDS if score >= floor), "D")


def _scale(value: int | None) -> float:
    return ((3 if value is None else value) - 1) / 4


def _reach(need: RankInput, defaults: set[str]) -> float:
    if need.people is not None and need.residents:
        return min(1.0, need.people / (FULL_REACH * need.residents))
    defaults.add("reach")
    return min(1.0, need.voices / max(1.0, FULL_REACH * need.all_voices))


def _check(need: RankInput) -> None:
    for name in ("severity", "urgency", "feasibility"):
        value = getattr(need, name)
        if value is not None and not 1 <= value <= 5:
            raise EngineError(f"{name} must be 1..5, not {value}")
    for name in ("people", "residents"):
        value = getattr(need, name)
        if value is not None and value < 0:
            raise EngineError(f"{name} must be ≥ 0, not {value}")
    unknown = set(need.bradshaw) - set(BRADSHAW)
    if unknown:
        raise EngineError(f"not a Bradshaw kind: {sorted(unknown)}")
