"""Needs: who sees which, who spoke for them, and what their priority is made of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanshe.engine.rank import (
    BRADSHAW,
    BY_MIDDLE,
    BY_SOURCES,
    BY_TYPE,
    BY_VOICES,
    BY_WORDS,
)
from sanshe.needs.models import (
    OPEN_NEEDS,
    PUBLIC_NEEDS,
    Informant,
    Need,
    NeedStatus,
    Statement,
    Study,
    WeightSet,
)
from sanshe.needs.rules import DISTANT, PUBLIC_READERS, RUNNERS
from sanshe.needs.selectors.studies import inside
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.taxonomy.selectors import default_reason

#: A safety need goes to a case worker within this time.
SAFETY_WITHIN = timedelta(hours=24)
COMPONENTS = {
    "severity": _("严重程度"),
    "urgency": _("紧迫程度"),
    "reach": _("影响范围"),
    "evidence": _("证据强度"),
    "feasibility": _("可行性"),
}
#: What stands in for a component nobody has said.
BASES = {
    BY_TYPE: _("默认值（类型）"),
    BY_MIDDLE: _("默认值（中间值）"),
    BY_VOICES: _("按原话占比推算"),
    BY_SOURCES: _("由谁说的、怎么听到的推定"),
}
_RATED = {"reach": _("按涉及人数")}
_SCALES = ("severity", "urgency", "feasibility")
KINDS = dict(zip(BRADSHAW, (_("规范性"), _("感觉性"), _("表达性"), _("比较性")), strict=True))


def needs_visible_to(scope: Scope) -> QuerySet[Need]:
    """Needs this person may open.

    People close to the study see all; distant roles all but safety; the public roles what has
    been planned or answered; administrators and evaluators none.
    """
    close = Q(study__organization__in=scope.organization_pks(*RUNNERS)) | inside(
        "community_id", scope.prefixes(Role.COMM)
    )
    distant = inside("community_id", scope.prefixes(*DISTANT)) & Q(safety=False)
    visible = close | distant
    if scope.has(*PUBLIC_READERS):
        visible |= Q(safety=False, status__in=PUBLIC_NEEDS)
    return Need.objects.filter(visible).select_related(
        "study", "community", "need_type", "need_type__field", "merged_into", "weights"
    )


def open_needs_of(study: Study) -> QuerySet[Need]:
    """The needs of a study that are worked on: neither merged into another nor closed.

    Safety needs are among them; leave them out with `.filter(safety=False)` wherever something
    is drafted, budgeted, exported or shown to others.
    """
    return Need.objects.filter(study=study, status__in=OPEN_NEEDS).select_related(
        "need_type", "community", "weights"
    )


def with_voices(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Each need with its number of `voices`: its own and those of the needs merged into it."""
    return needs.annotate(
        voices=Coalesce(_counted(need=OuterRef("pk")), 0)
        + Coalesce(_counted(need__merged_into=OuterRef("pk")), 0)
    )


def _counted(**condition: OuterRef) -> Subquery:
    counted = Statement.objects.filter(**condition).order_by().annotate(
        n=Func(F("pk"), function="COUNT")
    )  # fmt: skip
    return Subquery(counted.values("n"))


def voices_of(need: Need) -> QuerySet[Statement]:
    """What residents said for a need, its own words first, then those of merged needs."""
    return (
        Statement.objects.filter(Q(need=need) | Q(need__merged_into=need))
        .select_related("interview", "label", "need")
        .order_by("need__merged_into", "pk")
    )


def informants_of(needs: Iterable[Need]) -> dict[int, Counter[str]]:
    """For each need, how often each informant category spoke for it. One query."""
    pks = [need.pk for need in needs]
    counts: dict[int, Counter[str]] = {pk: Counter() for pk in pks}
    rows = (
        Statement.objects.annotate(main=Coalesce("need__merged_into", "need"))
        .filter(main__in=pks)
        .order_by()
        .values_list("main", "interview__informant")
        .annotate(heard=Count("pk"))
    )
    for main, informant, heard in rows:
        counts[main][informant] += heard
    return counts


@dataclass(frozen=True)
class Card:
    """A need as the board shows it."""

    need: Need
    voices: int
    informants: tuple[tuple[str, int], ...]


def cards_of(needs: Iterable[Need]) -> list[Card]:
    """The needs with their voices, in the order given. One query."""
    needs = list(needs)
    counts = informants_of(needs)
    labels = dict(Informant.choices)
    return [
        Card(
            need=need,
            voices=sum(counts[need.pk].values()),
            informants=tuple(
                (str(labels.get(code, code)), heard)
                for code, heard in counts[need.pk].most_common()
            ),
        )
        for need in needs
    ]


@dataclass(frozen=True)
class Part:
    """One component of a priority: its value (0..1), its weight, and the points it gives.

    `basis` says in words where the value comes from. `scale` is the value as 1..5, for the
    components that are rated so.
    """

    name: str
    label: str
    value: float
    weight: float
    default: bool
    basis: str
    scale: int | None

    @property
    def points(self) -> float:
        return 100 * self.value * self.weight


@dataclass(frozen=True)
class SafetyClock:
    """A safety need and the time by which somebody must have taken it on."""

    need: Need
    due_at: datetime


def priority_parts(need: Need) -> list[Part]:
    """What the priority of a need is made of, under the weights it was ranked with."""
    weights = need.weights or WeightSet()
    return [
        Part(
            name=name,
            label=str(label),
            value=float(need.components.get(name, 0.0)),
            weight=getattr(weights, name),
            default=name in need.defaults,
            basis=_basis(need, name),
            scale=_scale(need, name),
        )
        for name, label in COMPONENTS.items()
    ]


def assumed_reason(need: Need) -> str:
    """Why the type of a need has its defaults, if any of them stands in for a rating; else ""."""
    if any(code == BY_TYPE or code.startswith(BY_WORDS) for code in need.defaults.values()):
        return default_reason(need.need_type_id)
    return ""


def _basis(need: Need, name: str) -> str:
    code = need.defaults.get(name)
    if code is None:
        return str(_RATED.get(name, _("人工评定")))
    if code.startswith(BY_WORDS):
        word = code.removeprefix(BY_WORDS)
        return gettext("默认值（类型），由话中“%(word)s”上调一级") % {"word": word}
    return str(BASES[code])


def _scale(need: Need, name: str) -> int | None:
    return round(1 + 4 * need.components.get(name, 0.0)) if name in _SCALES else None


def safety_needs_of(study: Study) -> list[SafetyClock]:
    """Safety needs that still wait for somebody, most pressing first; for close people only."""
    waiting = (NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED)
    needs = (
        Need.objects.filter(study=study, safety=True, status__in=waiting)
        .select_related("need_type", "community")
        .order_by("safety_since", "pk")
    )
    return [
        SafetyClock(need, (need.safety_since or need.created_at) + SAFETY_WITHIN) for need in needs
    ]


def safety_need_count(study: Study) -> int:
    """How many safety needs are open: what distant roles are told."""
    return Need.objects.filter(study=study, safety=True, status__in=OPEN_NEEDS).count()


def weights_of(study: Study) -> WeightSet:
    """The newest weights of a study; an unsaved set of defaults where none were chosen."""
    chosen = WeightSet.objects.filter(study=study).select_related("actor").first()
    return chosen or WeightSet(study=study)
