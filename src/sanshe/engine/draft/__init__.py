"""The draft of a proposal (项目方案): sixteen sections from ranked needs and matched offers.

Pure: the same facts give the same draft. Every claim with figures names its table or carries a
footnote to what was said; what cannot be known is a marked blank; safety needs never appear.
"""

from sanshe.engine.draft.check import Problem, check
from sanshe.engine.draft.codes import ACTIVITY_KINDS, BUDGET_ACCOUNTS, SECTION_TITLES
from sanshe.engine.draft.document import (
    Activity,
    Block,
    BudgetLine,
    Bullets,
    Cover,
    Draft,
    Heading,
    NeedRow,
    Note,
    Objective,
    Output,
    Paragraph,
    Risk,
    Section,
    Table,
    TeamRow,
    outputs_of,
    product_fen,
)
from sanshe.engine.draft.facts import (
    Colleague,
    DraftGap,
    DraftMatch,
    DraftNeed,
    DraftOffer,
    DraftStatement,
    InformantCount,
    MethodCount,
    ProjectFacts,
    StudyFacts,
    TreeNames,
)
from sanshe.engine.draft.focus import focus_of
from sanshe.engine.draft.live import basic_rows, live_tables, shown_blocks
from sanshe.engine.draft.rules import DraftRules
from sanshe.engine.draft.text import (
    blank,
    blanks_in,
    blocks_of,
    note,
    note_key,
    notes_in,
    runs,
    text_of,
)
from sanshe.engine.draft.withheld import WITHDRAWN, Withheld, withhold
from sanshe.engine.draft.writing import draft

__all__ = [
    "ACTIVITY_KINDS",
    "BUDGET_ACCOUNTS",
    "SECTION_TITLES",
    "WITHDRAWN",
    "Activity",
    "Block",
    "BudgetLine",
    "Bullets",
    "Colleague",
    "Cover",
    "Draft",
    "DraftGap",
    "DraftMatch",
    "DraftNeed",
    "DraftOffer",
    "DraftRules",
    "DraftStatement",
    "Heading",
    "InformantCount",
    "MethodCount",
    "NeedRow",
    "Note",
    "Objective",
    "Output",
    "Paragraph",
    "Problem",
    "ProjectFacts",
    "Risk",
    "Section",
    "StudyFacts",
    "Table",
    "TeamRow",
    "TreeNames",
    "Withheld",
    "basic_rows",
    "blank",
    "blanks_in",
    "blocks_of",
    "check",
    "draft",
    "focus_of",
    "live_tables",
    "note",
    "note_key",
    "notes_in",
    "outputs_of",
    "product_fen",
    "runs",
    "shown_blocks",
    "text_of",
    "withhold",
]
