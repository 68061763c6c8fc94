"""Priority of needs: computed in the open, kept with the weights it was computed by."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, fields

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.engine.rank import RankInput, Weights, bradshaw_kinds, priority
from sanshe.needs.models import Need, NeedStatus, Statement, Study, WeightSet
from sanshe.needs.rules import may_weigh
from sanshe.needs.services.actors import demand, scope_today

_FIELDS = ("priority", "band", "components", "defaults", "weights")
NAMES = tuple(part.name for part in fields(Weights))


def rank_study(study: Study) -> int:
    """Rank every need of a study that stands for itself; how many there are."""
    needs = list(Need.objects.filter(study=study).exclude(status=NeedStatus.MERGED))
    rank_needs(study, needs)
    return len(needs)


def rank_needs(study: Study, needs: Iterable[Need]) -> None:
    """Compute and store the priority of some needs of one study. Three queries and one write."""
    needs = list(needs)
    if not needs:
        return
    chosen = WeightSet.objects.filter(study=study).first()
    weights = Weights(**{name: getattr(chosen, name) for name in NAMES}) if chosen else Weights()
    sources = _sources(needs)
    all_voices = Statement.objects.filter(interview__study=study, dismissed=False).count()
    residents = study.community.residents
    for need in needs:
        voices, informants, methods = sources[need.pk]
        found = priority(
            RankInput(
                severity=need.severity,
                urgency=need.urgency,
                feasibility=need.feasibility,
                people=need.people_affected,
                residents=residents,
                bradshaw=need.bradshaw or bradshaw_kinds(informants, methods),
                voices=voices,
                all_voices=all_voices,
                safety=need.safety,
            ),
            weights,
        )
        need.priority, need.band = found.score, found.band
        need.components = {name: round(value, 4) for name, value in found.components.items()}
        assumed = set(found.defaults) if need.bradshaw else {*found.defaults, "evidence"}
        need.defaults = sorted(assumed)
        need.weights = chosen
    Need.objects.bulk_update(needs, _FIELDS, batch_size=500)


def _sources(needs: list[Need]) -> dict[int, tuple[int, set[str], set[str]]]:
    """For each need its voices (merged ones too), and who spoke and how."""
    voices: dict[int, int] = defaultdict(int)
    informants: dict[int, set[str]] = defaultdict(set)
    methods: dict[int, set[str]] = defaultdict(set)
    pks = [need.pk for need in needs]
    rows = (
        Statement.objects.annotate(main=Coalesce("need__merged_into", "need"))
        .filter(main__in=pks)
        .order_by()
        .values_list("main", "interview__informant", "interview__method")
    )
    for main, informant, method in rows:
        voices[main] += 1
        informants[main].add(informant)
        methods[main].add(method)
    return {pk: (voices[pk], informants[pk], methods[pk]) for pk in pks}


@transaction.atomic
def set_weights(*, study: Study, weights: Weights, actor: User, note: str = "") -> WeightSet:
    """Make a new version of a study's weights and rank its needs by it.

    The same weights again are no new version.

    Raises:
        NotPermitted: only the agency's manager and the community set weights.
        BadEntry: a weight is negative (`Weights` itself refuses a sum other than 1).
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    demand(may_weigh(scope_today(actor), study))
    values = asdict(weights)
    if min(values.values()) < 0:
        raise BadEntry(_("权重不能是负数。"))
    before = WeightSet.objects.filter(study=study).first()
    current = before or WeightSet()
    if all(abs(getattr(current, name) - value) < 1e-9 for name, value in values.items()):
        if before is None and not note:
            return current
        if before is not None and before.note == note:
            return before
    chosen = WeightSet.objects.create(study=study, actor=actor, note=note, **values)
    changes = {
        name: [round(getattr(current, name), 4), round(value, 4)]
        for name, value in values.items()
        if abs(getattr(current, name) - value) >= 1e-9
    }
    record(chosen, "create", actor=actor, note=note, changes=changes)
    record(study, "weigh", actor=actor, note=f"{chosen} {note}".strip())
    rank_study(study)
    return chosen
