"""The draft itself: facts in, sixteen sections and their rows out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sanshe.engine.draft.codes import SECTION_TITLES
from sanshe.engine.draft.document import Cover, Draft, NeedRow, Note, Section
from sanshe.engine.draft.evidence import Evidence, gather
from sanshe.engine.draft.facts import (
    DraftGap,
    DraftMatch,
    DraftNeed,
    DraftOffer,
    DraftStatement,
    ProjectFacts,
    StudyFacts,
    TreeNames,
)
from sanshe.engine.draft.means import make_budget, make_risks, make_team
from sanshe.engine.draft.plan import make_plan
from sanshe.engine.draft.rules import DraftRules
from sanshe.engine.draft.sections import write_section
from sanshe.engine.draft.text import note_key, notes_in, plain, text_of
from sanshe.engine.draft.words import EVIDENCE, cn_date
from sanshe.engine.errors import EngineError
from sanshe.engine.rank import BAND_ORDER


def draft(
    study: StudyFacts,
    needs: Sequence[DraftNeed],
    matches: Sequence[DraftMatch],
    gaps: Sequence[DraftGap],
    offers: Sequence[DraftOffer],
    statements: Sequence[DraftStatement],
    tree: TreeNames,
    rules: DraftRules | None = None,
    project: ProjectFacts | None = None,
    focus: Collection[str] | None = None,
) -> Draft:
    """Write the proposal.

    `needs` and `statements` are everything that was heard; `focus` the ids of the needs to answer,
    None for those that `focus_of` takes.

    The same input gives the same draft, whatever the order of needs and statements. Needs of
    band P0, with `safety` or of a safety leaf, and what was said of them, are left out entirely.
    A match or gap of an unknown need or offer, and an unknown statement id, is passed over.

    Raises:
        EngineError: an unknown band, a need without a leaf, two needs or statements of one id.
    Cost: O(n log n) in needs and statements.
    """
    _check(needs, statements)
    project = project or ProjectFacts()
    facts = gather(
        study, needs, matches, gaps, offers, statements, tree, rules or DraftRules(), project, focus
    )
    plan = make_plan(facts)
    rows = {
        "objectives": plan.objectives,
        "activities": plan.activities,
        "team": make_team(facts, plan),
        "budget": make_budget(facts, plan),
        "risks": make_risks(facts, plan),
    }
    listed = {
        "needs": _need_rows(facts, facts.planned),
        "others": _need_rows(facts, facts.others),
    }
    bare = Draft(_cover(facts), (), **listed, **rows)  # type: ignore[arg-type]
    sections = tuple(
        Section(number, title, *write_section(number, facts, plan, bare))
        for number, title in SECTION_TITLES.items()
    )
    keys = {note_key(statement): statement for statement in facts.statements}
    notes = {
        key: _note(key, facts.statements[keys[key]])
        for section in sections
        for key in notes_in(text_of(section.blocks))
    }
    return replace(bare, sections=sections, notes=notes)


def _check(needs: Sequence[DraftNeed], statements: Sequence[DraftStatement]) -> None:
    for need in needs:
        if need.band not in BAND_ORDER:
            raise EngineError(f"unknown band {need.band} of need {need.id}")
        if not need.leaf:
            raise EngineError(f"need {need.id} has no leaf")
    if len({need.id for need in needs}) < len(needs):
        raise EngineError("two needs have the same id")
    if len({note_key(statement.id) for statement in statements}) < len(statements):
        raise EngineError("two statements have the same id")


def _cover(facts: Evidence) -> Cover:
    study, project = facts.study, facts.project
    return Cover(
        plain(project.title) or default_title(study),
        plain(study.community),
        study.community_code,
        plain(study.town),
        plain(project.organization),
        plain(project.lead),
        project.starts_on,
        project.ends_on,
        project.version,
        project.drafted_on,
    )


def default_title(study: StudyFacts) -> str:
    """What a proposal is called until somebody names it."""
    return f"{plain(study.community)}居民需求回应服务项目"


def _need_rows(facts: Evidence, needs: Iterable[DraftNeed]) -> tuple[NeedRow, ...]:
    return tuple(
        NeedRow(
            need.id,
            plain(need.title),
            facts.field_name(need.leaf[:3]),
            facts.leaf_name(need.leaf),
            need.band,
            need.priority,
            facts.count(need),
            tuple(facts.speakers(need)),
            tuple(EVIDENCE[kind] for kind in EVIDENCE if kind in need.bradshaw),
            _answered_by(facts, need),
            plain(facts.gaps[need.id].reason) if need.id in facts.gaps else "",
            facts.left(need),
        )
        for need in needs
    )


def _answered_by(facts: Evidence, need: DraftNeed) -> str:
    match = facts.matches.get(need.id)
    if match is None:
        return ""
    offer = facts.offers[match.offer]
    return (
        f"{plain(offer.provider)}：{plain(offer.title)}" if offer.provider else plain(offer.title)
    )


def _note(key: str, statement: DraftStatement) -> Note:
    day = cn_date(statement.on) if statement.on else ""
    source = "，".join(filter(None, [plain(statement.informant), plain(statement.method), day]))
    return Note(key, plain(statement.text), source)
