"""The needs of a study as people choose among them for a proposal."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from sanshe.engine.draft import DraftRules, focus_of
from sanshe.matching.models import Gap, Match, MatchRun, MatchStatus
from sanshe.needs.models import OPEN_NEEDS, Need, Study
from sanshe.needs.selectors.needs import open_needs_of, with_voices
from sanshe.projects.models import Proposal
from sanshe.projects.selectors.facts import draft_need
from sanshe.taxonomy.models import Field


def matched_needs(study: Study) -> set[int]:
    """The keys of the needs to which the current match run gave an offer. One query."""
    given = Match.objects.filter(run__study=study, run__current=True)
    return set(given.exclude(status=MatchStatus.REFUSED).values_list("need_id", flat=True))


def suggested_needs(study: Study) -> list[Need]:
    """The needs a proposal would take up by itself (`engine.draft.focus`). Two queries."""
    needs = {str(need.pk): need for need in open_needs_of(study).filter(safety=False)}
    matched = {str(pk) for pk in matched_needs(study)}
    taken = focus_of([draft_need(need) for need in needs.values()], matched, DraftRules())
    return [needs[key] for key in taken]


def needs_to_choose(
    study: Study, run: MatchRun | None, proposal: Proposal | None = None
) -> QuerySet[Need]:
    """What a proposal may answer, with `voices`, the offer `given` in a run, or what is `missing`.

    What a proposal answers already is among them although it has been settled since.
    """
    open_or_taken = Q(study=study, status__in=OPEN_NEEDS)
    if proposal is not None:
        open_or_taken |= Q(pk__in=proposal.needs.values("pk"))
    given = Match.objects.filter(run=run, need=OuterRef("pk")).exclude(status=MatchStatus.REFUSED)
    missing = Gap.objects.filter(run=run, need=OuterRef("pk"))
    return (
        with_voices(Need.objects.filter(open_or_taken, safety=False))
        .annotate(
            given=Subquery(given.values("offer__title")[:1]),
            missing=Subquery(missing.values("reason")[:1]),
        )
        .select_related("need_type__field")
        .order_by("-priority", "pk")
    )


@dataclass(frozen=True)
class Choices:
    """The needs of one field; `open`: unfolded, because some but not all of the page is ticked."""

    field: Field
    ticked: list[Need]
    rest: list[Need]
    open: bool

    @property
    def total(self) -> int:
        return len(self.ticked) + len(self.rest)


def choices_of(needs: Iterable[Need], ticked: Collection[str]) -> list[Choices]:
    """The needs by field, in the order given; fields with ticked needs first."""
    found: dict[str, Choices] = {}
    needs = list(needs)
    unfold = len(ticked) < len(needs)
    for need in needs:
        field = need.need_type.field
        own = found.setdefault(field.code, Choices(field, [], [], unfold))
        (own.ticked if str(need.pk) in ticked else own.rest).append(need)
    return sorted(found.values(), key=lambda own: not own.ticked)
