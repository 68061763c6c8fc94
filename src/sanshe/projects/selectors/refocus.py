"""What choosing other needs would change in a proposal."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from sanshe.engine.draft import SECTION_TITLES, Draft, text_of
from sanshe.matching.models import MatchRun
from sanshe.needs.models import Need
from sanshe.projects.models import Proposal, Section
from sanshe.projects.selectors.document import stored_document
from sanshe.projects.selectors.facts import fresh_draft
from sanshe.projects.selectors.tables import TABLES, table_rows

#: Tables that refer to one another, by section: kept or written anew together.
_TOGETHER = (7, 8, 11)
#: What it says of the needs is drawn anew whenever it is shown (`engine.draft.live`).
_RENEWED = (1,)


@dataclass(frozen=True)
class Part:
    """What would become of one section: of its words, and of the rows of its table.

    `words` and `rows`: "" where nothing changes, "new" or "kept" (people have worked on them).
    """

    number: int
    words: str
    rows: str
    text: str
    section: Section

    @property
    def title(self) -> str:
        return SECTION_TITLES[self.number]

    @property
    def renewed(self) -> bool:
        return "new" in (self.words, self.rows)

    @property
    def kept(self) -> bool:
        return "kept" in (self.words, self.rows)


@dataclass(frozen=True)
class Refocus:
    """A proposal for other needs: what the machine would write, what becomes of each section.

    `run`: the match run it would be drafted with.
    """

    run: MatchRun | None
    chosen: frozenset[int]
    added: list[Need]
    removed: list[Need]
    written: Draft
    stored: Draft
    parts: tuple[Part, ...]

    @property
    def renewed(self) -> list[Part]:
        return [part for part in self.parts if part.renewed]

    @property
    def kept(self) -> list[Part]:
        return [part for part in self.parts if part.kept]

    @property
    def planned(self) -> Draft:
        """Whose rows the proposal would have: the new ones, or those that people worked on."""
        kept = any(part.number in _TOGETHER and part.rows == "kept" for part in self.parts)
        return self.stored if kept else self.written


def current_run(proposal: Proposal) -> MatchRun | None:
    """The newest match run of the study, else the one the proposal was drafted with."""
    newest = MatchRun.objects.filter(study=proposal.study_id, current=True).first()
    return newest or proposal.match_run


def refocus_of(proposal: Proposal, needs: Iterable[Need]) -> Refocus:
    """What choosing these needs would change; stores nothing. A fixed number of queries.

    What nobody has edited since the machine wrote it would be written anew; the rest stays.
    """
    today = timezone.localdate()
    wanted = {need.pk: need for need in needs}
    before = {need.pk: need for need in proposal.needs.select_related("need_type__field")}
    run = current_run(proposal)
    written = fresh_draft(proposal, today, wanted, run)
    stored = stored_document(proposal, today)
    sections = list(proposal.sections.select_related("edited_by"))
    drafted = {section.number: section.drafted_rows for section in sections}
    now, then = table_rows(stored), table_rows(written)
    edited = {number for number in TABLES if drafted.get(number) != now[number]}
    if edited & set(_TOGETHER):
        edited |= set(_TOGETHER)
    parts = []
    for section in sections:
        number, text = section.number, text_of(written.section(section.number).blocks)
        words = rows = ""
        if section.text == section.drafted:
            words = "new" if text != section.drafted else ""
        elif text != section.drafted and number not in _RENEWED:
            words = "kept"
        if number in TABLES and then[number] != drafted[number]:
            rows = "kept" if number in edited else "new"
        parts.append(Part(number, words, rows, text, section))
    return Refocus(
        run,
        frozenset(wanted),
        [need for pk, need in wanted.items() if pk not in before],
        [need for pk, need in before.items() if pk not in wanted],
        written,
        stored,
        tuple(parts),
    )
