"""What a type of need is worth before anybody has rated the need itself.

The product's own proposal, made once for each of the 89 leaves by a social worker's judgement:
severity is the harm to life, health, dignity or livelihood when nothing is done; urgency how soon
it gets worse; feasibility how far a community's social-work project can answer it by its usual
means. A rating of the need by people always wins. See docs/engine/rank.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanshe.engine.rank import Defaults
from sanshe.taxonomy.tree import DATA, TreeError, load_tree, read_rows

_SCALES = ("severity", "urgency", "feasibility")


@dataclass(frozen=True)
class TypeDefaults:
    """The three values of a leaf, and why, in Chinese and English."""

    values: Defaults
    reason_zh: str
    reason_en: str


@lru_cache(maxsize=4)
def load_defaults(path: Path = DATA / "defaults.csv") -> Mapping[str, TypeDefaults]:
    """The table `code,severity,urgency,feasibility,reason_zh,reason_en` by code, read once.

    Raises:
        TreeError: a code is no leaf or comes twice, a value is not 1..5, a reason is missing.
    """
    known = load_tree().by_code
    found: dict[str, TypeDefaults] = {}
    for line, row in read_rows(path, ("code", *_SCALES, "reason_zh", "reason_en")):
        code = row["code"].strip()
        where = f"{path.name} line {line}"
        if code not in known:
            raise TreeError(f"{where}: unknown type {code}")
        if code in found:
            raise TreeError(f"{where}: {code} comes twice")
        for scale in _SCALES:
            if row[scale].strip() not in {"1", "2", "3", "4", "5"}:
                raise TreeError(f"{where}: {scale} must be 1..5, not {row[scale]!r}")
        reasons = row["reason_zh"].strip(), row["reason_en"].strip()
        if not all(reasons):
            raise TreeError(f"{where}: {code} has no reason")
        found[code] = TypeDefaults(Defaults(*(int(row[scale]) for scale in _SCALES)), *reasons)
    return found


def defaults_of(code: str) -> Defaults | None:
    """The three values of a leaf; None for a type the shipped table does not know."""
    row = load_defaults().get(code)
    return row.values if row else None
