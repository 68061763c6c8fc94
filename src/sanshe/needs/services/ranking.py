"""Priority of needs: computed in the open, kept with the weights it was computed by."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.engine.rank import (
    BY_SOURCES,
    RankInput,
    Weights,
    bradshaw_kinds,
    priority,
    urgent_word,
)
from sanshe.needs.models import Need, NeedStatus, Statement, Study, WeightSet
from sanshe.needs.rules import may_weigh
from sanshe.needs.services.actors import demand, scope_today
from sanshe.taxonomy.defaults import defaults_of

_FIELDS = ("priority", "band", "components", "defaults", "weights")
NAMES = tuple(part.name for part in fields(Weights))


@dataclass
class _Sources:
    """What was said for a need (merged needs too), by whom, and how it was heard."""

    texts: list[str] = field(default_factory=list)
    informants: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)


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
        heard = sources[need.pk]
        found = priority(
            RankInput(
                severity=need.severity,
                urgency=need.urgency,
                feasibility=need.feasibility,
                people=need.people_affected,
                residents=residents,
                bradshaw=need.bradshaw or bradshaw_kinds(heard.informants, heard.methods),
                voices=len(heard.texts),
                all_voices=all_voices,
                safety=need.safety,
                assumed=defaults_of(need.need_type_id),
                urgent_word=urgent_word(heard.texts),
            ),
            weights,
        )
        need.priority, need.band = found.score, found.band
        need.components = {name: round(value, 4) for name, value in found.components.items()}
        need.defaults = dict(found.defaults)
        if not need.bradshaw:
            need.defaults["evidence"] = BY_SOURCES
        need.weights = chosen
    Need.objects.bulk_update(needs, _FIELDS, batch_size=500)


def _sources(needs: list[Need]) -> dict[int, _Sources]:
    found: dict[int, _Sources] = defaultdict(_Sources)
    rows = (
        Statement.objects.annotate(main=Coalesce("need__merged_into", "need"))
        .filter(main__in=[need.pk for need in needs])
        .order_by("pk")
        .values_list("main", "text", "interview__informant", "interview__method")
    )
    for main, text, informant, method in rows:
        heard = found[main]
        heard.texts.append(text)
        heard.informants.add(informant)
        heard.methods.add(method)
    return found


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
    note = masked(note.strip(), most=200)
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
