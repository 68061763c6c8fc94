"""Matching and its tables, shared by `plan` and `match`.

Files are for the office, so their sentences are Chinese whatever the terminal speaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sanshe.engine.candidates import PARTS, NeedRow, OfferRow, feasible_pairs
from sanshe.engine.explain import Explanation, explain, reason, why_not
from sanshe.engine.match import Assignment, match

MATCH_COLUMNS = (
    *("need", "offer", "fit", *PARTS),
    *("reason", "next_best", "why_not"),
)
_NO_OFFERS = "没有提供服务资源，未做匹配。"
GAP_COLUMNS = ("need", "leaf_code", "community_code", "band", "reason", "nearest_offer")


@dataclass(frozen=True)
class Matched:
    """The result of one run with its reasons, need by need."""

    needs: Sequence[NeedRow]
    offers: Sequence[OfferRow]
    result: Assignment
    explanations: Sequence[Explanation]

    @property
    def count(self) -> int:
        return sum(e.code == "matched" for e in self.explanations)

    def match_rows(self) -> list[tuple[object, ...]]:
        """The lines of matches.csv, one for each need that was served."""
        return [
            (
                need.id,
                self.offers[e.offer].id,
                f"{e.fit:.4f}",
                *(f"{e.parts[part]:.4f}" for part in PARTS),
                reason(e, self.offers),
                self._id(e.next_best),
                why_not(e, self.offers),
            )
            for need, e in zip(self.needs, self.explanations, strict=True)
            if e.offer is not None
        ]

    def gap_rows(self) -> list[tuple[object, ...]]:
        """The lines of gaps.csv, one for each need that nobody can serve."""
        return [
            (
                need.id,
                "|".join(need.leaves),
                need.community,
                need.band,
                reason(e, self.offers) if self.offers else _NO_OFFERS,
                self._id(e.next_best),
            )
            for need, e in zip(self.needs, self.explanations, strict=True)
            if e.offer is None
        ]

    def figures(self) -> dict[str, object]:
        """What the report says of the run."""
        return {
            "needs": len(self.needs),
            "matched": self.count,
            "unmatched": len(self.needs) - self.count,
            "objective": self.result.objective,
            "upper_bound": self.result.upper_bound,
            "gap": round(self.result.gap, 9),
        }

    def _id(self, index: int | None) -> str:
        return "" if index is None else self.offers[index].id


def run_match(
    needs: Sequence[NeedRow], offers: Sequence[OfferRow], objective: str = "lexicographic"
) -> Matched:
    """Match and explain. Raises EngineError for an unknown objective."""
    pairs = feasible_pairs(needs, offers)
    result = match(needs, offers, pairs, objective=objective)
    return Matched(needs, offers, result, explain(needs, offers, pairs, result))
