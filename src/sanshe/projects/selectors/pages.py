"""The proposal as its page shows it."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import get_language

from sanshe.engine.draft import (
    Block,
    Bullets,
    Draft,
    Heading,
    Note,
    Problem,
    Table,
    blanks_in,
    check,
    runs,
)
from sanshe.engine.draft.live import shown_blocks
from sanshe.engine.draft.text import Run
from sanshe.projects.models import Proposal, ReviewRemark
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.stale import Stale, prints_of, stale_in, unsupported_in

#: Figures of fewer people than this are not published (k ≥ 5).
FEWEST_PUBLISHED = 5
#: The table that stands in a section, by the name it has in addresses.
TABLE_OF = {7: "objectives", 8: "plan", 10: "team", 11: "budget", 12: "risks"}


@dataclass(frozen=True)
class ShownRun:
    """A stretch of a line: words, a blank to fill, or a footnote with its number and source."""

    words: str = ""
    blank: bool = False
    number: int = 0
    note: Note | None = None


@dataclass(frozen=True)
class ShownBlock:
    """A block ready for the template; `kind` is heading, paragraph, bullets or table."""

    kind: str
    lines: tuple[tuple[ShownRun, ...], ...] = ()
    table: Table | None = None
    rows: tuple[tuple[tuple[ShownRun, ...], ...], ...] = ()


@dataclass(frozen=True)
class ShownSection:
    """A section with everything that is said about it."""

    number: int
    title: str
    blocks: tuple[ShownBlock, ...]
    blanks: int
    stale: list[Stale]
    unsupported: list[str]
    problems: list[tuple[str, bool]]
    remarks: list[ReviewRemark]
    edited: bool
    table: str = ""
    row_pks: tuple[tuple[int, str], ...] = ()


@dataclass
class Page:
    """The whole page. hard: what keeps the proposal from being handed in."""

    sections: list[ShownSection]
    document: Draft
    blanks: int = 0
    stale: int = 0
    unsupported: int = 0
    hard: list[tuple[int, str]] = field(default_factory=list)
    soft: list[tuple[int, str]] = field(default_factory=list)


def page_of(proposal: Proposal) -> Page:
    """Everything on the page of a proposal, in a fixed number of queries."""
    document = document_of(proposal, timezone.localdate())
    problems = check(document)
    now = prints_of(proposal)
    remarks: dict[int, list[ReviewRemark]] = {}
    for remark in ReviewRemark.objects.filter(section__proposal=proposal).select_related(
        "author", "resolved_by"
    ):
        remarks.setdefault(remark.section_id, []).append(remark)
    numbers: dict[str, int] = {}
    stored = {section.number: section for section in proposal.sections.select_related("edited_by")}
    rows = _rows(proposal)
    page = Page([], document)
    for section in document.sections:
        row = stored[section.number]
        shown = ShownSection(
            number=section.number,
            title=section.title,
            blocks=tuple(
                _shown(block, document, numbers) for block in shown_blocks(document, section.number)
            ),
            blanks=len(blanks_in(row.text)),
            stale=stale_in(row, now),
            unsupported=unsupported_in(row),
            problems=[(_words(p), p.hard) for p in problems if p.section == section.number],
            remarks=remarks.get(row.pk, []),
            edited=row.text != row.drafted,
            table=TABLE_OF.get(section.number, ""),
            row_pks=rows.get(section.number, ()),
        )
        page.sections.append(shown)
        page.blanks += shown.blanks
        page.stale += bool(shown.stale)
        page.unsupported += len(shown.unsupported)
    for problem in problems:
        (page.hard if problem.hard else page.soft).append((problem.section, _words(problem)))
    return page


def _words(problem: Problem) -> str:
    english = (get_language() or "").startswith("en")
    return problem.message_en if english else problem.message


def _rows(proposal: Proposal) -> dict[int, tuple[tuple[int, str], ...]]:
    return {
        7: tuple((row.pk, str(row)) for row in proposal.objectives.all()),
        8: tuple((row.pk, str(row)) for row in proposal.activities.all()),
        10: tuple((row.pk, str(row)) for row in proposal.team.all()),
        11: tuple((row.pk, str(row)) for row in proposal.budget.all()),
        12: tuple((row.pk, str(row)) for row in proposal.risks.all()),
    }


def _shown(block: Block, document: Draft, numbers: dict[str, int]) -> ShownBlock:
    def line(words: str) -> tuple[ShownRun, ...]:
        return tuple(_run(run, document, numbers) for run in runs(words))

    match block:
        case Heading(words):
            return ShownBlock("heading", (line(words),))
        case Bullets(items):
            return ShownBlock("bullets", tuple(line(item) for item in items))
        case Table():
            rows = tuple(tuple(line(cell) for cell in row) for row in block.rows)
            return ShownBlock("table", table=block, rows=rows)
        case _:
            return ShownBlock("paragraph", (line(block.words),))


def _run(run: Run, document: Draft, numbers: dict[str, int]) -> ShownRun:
    if not run.note:
        return ShownRun(run.words, run.blank)
    number = numbers.setdefault(run.note, len(numbers) + 1)
    return ShownRun(number=number, note=document.notes.get(run.note))


@dataclass(frozen=True)
class Summary:
    """What everybody may read of a published proposal: no words of residents, no small counts."""

    objectives: list[str]
    total_fen: int
    activities: list[str]
    needs: int
    voices: int | None


def public_summary(proposal: Proposal) -> Summary:
    """The public part of a proposal."""
    document = document_of(proposal, timezone.localdate())
    voices = sum(need.voices for need in document.needs)
    return Summary(
        objectives=[row.statement for row in document.objectives],
        total_fen=document.total_fen,
        activities=[f"{activity.title} × {activity.sessions}" for activity in document.activities],
        needs=len(document.needs),
        voices=voices if voices >= FEWEST_PUBLISHED else None,
    )
