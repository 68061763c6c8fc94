"""Needs that concern somebody's safety: one for each statement, never merged by machine."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.core.history import record
from sanshe.engine.title import propose_title
from sanshe.needs.models import Band, Need, NeedStatus, Statement, Study, Suggestion
from sanshe.needs.services.ranking import rank_needs
from sanshe.needs.services.saying import statements_note
from sanshe.taxonomy.models import NeedType

#: A type held less likely than this is not worth proposing.
LIKELY = 0.05


@transaction.atomic
def place_safety(study: Study) -> list[Need]:
    """Open a P0 need for every safety statement of a study that stands in none.

    A statement nobody could put a type to yet takes the most likely one; where there is none at
    all, it waits at the top of the inbox.
    """
    Study.objects.select_for_update().get(pk=study.pk)
    statements = (
        Statement.objects.filter(
            interview__study=study, safety=True, dismissed=False, need__isnull=True
        )
        .select_related("label")
        .order_by("pk")
    )
    made = []
    for statement in statements:
        need_type = statement.label or _likely_type(statement)
        if need_type is None:
            continue
        need = Need.objects.create(
            study=study,
            community_id=statement.community_id,
            need_type=need_type,
            # The words of a person in danger do not become a heading.
            title=_("%(type)s（第 %(ordinal)s 条原话）")
            % {"type": need_type.name_zh, "ordinal": statement.ordinal},
            status=NeedStatus.NEW,
            safety=True,
            safety_since=timezone.now(),
            band=Band.P0,
            priority=100.0,
        )
        statement.need = need
        statement.save(update_fields=["need", "updated_at"])
        record(need, "propose", actor=None, note=statements_note([statement.ordinal]))
        made.append(need)
    rank_needs(study, made)
    return made


def retitle(needs: Iterable[Need]) -> None:
    """Name needs anew after words about somebody's safety have left them.

    A title given by a person stays. Cost: two queries for each need.
    """
    for need in needs:
        if need.renamed or need.safety:
            continue
        said = Statement.objects.filter(need=need).order_by("pk").values_list("text", flat=True)
        need.title = propose_title(list(said)) if said else need.need_type.name_zh
        need.save(update_fields=["title", "updated_at"])


def danger_types() -> frozenset[str]:
    """The codes of the types that are about somebody's safety."""
    return frozenset(NeedType.objects.filter(safety=True).values_list("pk", flat=True))


def without_danger(
    label: str | None,
    confidence: float,
    alternatives: Sequence[tuple[str, float]],
    danger: frozenset[str],
) -> tuple[str | None, float]:
    """What to propose once a person has said that nobody is in danger: (type, confidence).

    Where the machine named a type of danger, the likeliest other one that is likely at all.
    """
    if label not in danger:
        return label, confidence
    others = ((code, share) for code, share in alternatives if code not in danger)
    return next(((code, share) for code, share in others if share >= LIKELY), (None, 0.0))


def _likely_type(statement: Statement) -> NeedType | None:
    """The most likely safety type among the alternatives, else the most likely of all."""
    suggestion = Suggestion.objects.filter(statement=statement).first()
    codes = [code for code, _confidence in suggestion.alternatives] if suggestion else []
    types = NeedType.objects.in_bulk(codes)
    likely = [types[code] for code in codes if code in types]
    return next((found for found in likely if found.safety), likely[0] if likely else None)
