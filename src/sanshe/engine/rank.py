"""Priority of needs, in the open: five inputs, five weights, every component shown.

`priority = Σ weight × component`, each component in 0..1, the weights summing to 1. Source: the
product's own scale (no national scoring standard is known); see docs/engine/rank.md.

What nobody has rated stands at the default of the need's type (taxonomy/data/defaults.csv), and
the result says for each such component what stands in.
"""

import re
from collections import Counter
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

#: What stands in for a component nobody has rated (`Priority.defaults`).
BY_TYPE, BY_MIDDLE, BY_VOICES = "type", "middle", "voices"
#: As BY_TYPE, but raised by one for a word heard: "said:台风前".
BY_WORDS = "said:"
#: For callers that infer the evidence from who spoke and how (`bradshaw_kinds`).
BY_SOURCES = "sources"

#: Words by which people say that time runs out or harm is near. Only those that nearly always
#: mean it: 马上, 赶紧, 今天 are as often said of something else, and a long wait (半年了) is
#: no sign that it cannot wait.
_URGENT = re.compile(
    "(?:台风(?:来之)?|开学|过年|汛期|入冬|月底)[之以]?前|(?<!下)下(?:个月|周|礼拜|星期)"
    "|这(?:几|两)天|这(?:周|礼拜|星期)|快到期|等不[了及起]|拖不[得起]|[就怕]来不及|尽快|急需"
    "|断[药粮炊]|揭不开锅|差点|[要会]出事|出人命|越来越(?:差|重|严重)|一天比一天"
)
#: A need is urgent by its words where at least one in so many of its statements says so.
_ONE_IN = 4

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
class Defaults:
    """Severity, urgency and feasibility (1..5) of a type of need, until people rate the need."""

    severity: int = 3
    urgency: int = 3
    feasibility: int = 3


@dataclass(frozen=True)
class RankInput:
    """What is known of one need. None means nobody has said; a documented default stands in.

    severity, urgency, feasibility: 1..5. people: residents affected. residents: residents of the
    community. bradshaw: kinds of need with evidence. voices: statements behind the need.
    all_voices: statements in the whole study. safety: harm to a person said or strongly hinted.
    assumed: the defaults of the need's type; None for a type without any. urgent_word: the word
    by which those who spoke call it urgent (`urgent_word`), "" if none.
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
    assumed: Defaults | None = None
    urgent_word: str = ""


@dataclass(frozen=True)
class Priority:
    """The score (0..100), its band, each component (0..1).

    `defaults` names the components nobody has said, each with what stands in: `BY_TYPE`,
    `BY_MIDDLE`, `BY_VOICES`, or `BY_WORDS` and the word.
    """

    score: float
    band: str
    components: Mapping[str, float]
    defaults: Mapping[str, str] = field(default_factory=dict)


def urgent_word(texts: Collection[str]) -> str:
    """The word by which those who spoke say that a need cannot wait; "" where they do not.

    At least a quarter of the statements must hold such a word; the commonest is given, the
    first heard where several are.
    """
    heard = [found for text in texts if (found := _URGENT.search(text))]
    if not heard or _ONE_IN * len(heard) < len(texts):
        return ""
    return Counter(found.group() for found in heard).most_common(1)[0][0]


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
    A rating by a person always wins. Defaults: severity, urgency and feasibility as `assumed`
    for the type, 3 of 5 without it; urgency one higher (at most 5) where an urgent word was
    heard; reach from the share of voices where the number of people or of residents is unknown
    (5 % of all voices count as full reach).

    Raises:
        EngineError: a scale value outside 1..5, a negative count, an unknown Bradshaw kind.
    Cost: O(1).
    """
    weights = weights or Weights()
    _check(need)
    defaults: dict[str, str] = {}
    components = {
        "severity": _scale(need, "severity", defaults),
        "urgency": _scale(need, "urgency", defaults),
        "reach": _reach(need, defaults),
        "evidence": len(set(need.bradshaw)) / len(BRADSHAW),
        "feasibility": _scale(need, "feasibility", defaults),
    }
    score = 100 * sum(getattr(weights, name) * value for name, value in components.items())
    score = round(score, 4)
    if need.safety:
        return Priority(100.0, "P0", components, defaults)
    return Priority(score, band_of(score), components, defaults)


def band_of(score: float) -> str:
    """A, B, C or D for a score of 0..100."""
    return next((band for band, floor in BANDS if score >= floor), "D")


def _scale(need: RankInput, name: str, defaults: dict[str, str]) -> float:
    value: int | None = getattr(need, name)
    if value is None:
        value = getattr(need.assumed or Defaults(), name)
        defaults[name] = BY_TYPE if need.assumed else BY_MIDDLE
        if name == "urgency" and need.urgent_word and value < 5:
            value += 1
            defaults[name] = BY_WORDS + need.urgent_word
    return (value - 1) / 4


def _reach(need: RankInput, defaults: dict[str, str]) -> float:
    if need.people is not None and need.residents:
        return min(1.0, need.people / (FULL_REACH * need.residents))
    defaults["reach"] = BY_VOICES
    return min(1.0, need.voices / max(1.0, FULL_REACH * need.all_voices))


def _check(need: RankInput) -> None:
    for name in ("severity", "urgency", "feasibility"):
        for value in (getattr(need, name), getattr(need.assumed, name, None)):
            if value is not None and not 1 <= value <= 5:
                raise EngineError(f"{name} must be 1..5, not {value}")
    for name in ("people", "residents"):
        value = getattr(need, name)
        if value is not None and value < 0:
            raise EngineError(f"{name} must be ≥ 0, not {value}")
    unknown = set(need.bradshaw) - set(BRADSHAW)
    if unknown:
        raise EngineError(f"not a Bradshaw kind: {sorted(unknown)}")
