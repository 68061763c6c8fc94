"""The words of the sixteen sections, one writer each."""

from collections.abc import Callable, Mapping

from sanshe.engine.draft.document import Block, Draft
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.sections import analysis, doing, ending, opening, purpose

#: A writer gives the blocks and the ids of the needs its words rest on.
Writer = Callable[[Evidence, Plan, Draft], tuple[tuple[Block, ...], tuple[str, ...]]]

_WRITERS: Mapping[int, Writer] = {
    1: opening.basics,
    2: opening.agency,
    3: opening.background,
    4: analysis.needs_analysis,
    5: purpose.people_served,
    6: purpose.logic,
    7: purpose.objectives,
    8: doing.services,
    9: doing.outputs,
    10: doing.team,
    11: doing.budget,
    12: doing.risks,
    13: ending.evaluation,
    14: ending.lasting,
    15: ending.resources,
    16: ending.attachments,
}


def write_section(
    number: int, facts: Evidence, plan: Plan, bare: Draft
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of a section, and the needs they rest on; `bare` holds the rows."""
    return _WRITERS[number](facts, plan, bare)
