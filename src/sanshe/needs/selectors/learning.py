"""How good the machine's suggestions are, by version, by field, by what it mixes up."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import HistoryLine
from sanshe.needs.models import Labelling, LearningRun, ModelVersion, Study


@dataclass(frozen=True)
class Tally:
    """How often people agreed with what the machine had proposed."""

    name: str
    agreed: int
    decided: int

    @property
    def share(self) -> float | None:
        return self.agreed / self.decided if self.decided else None


@dataclass(frozen=True)
class Confusion:
    """The machine said one type, people another."""

    said: str
    said_name: str
    meant: str
    meant_name: str
    times: int


@dataclass(frozen=True)
class Fall:
    """What a version does worse than the shipped one, in words."""

    where: str
    texts: int
    measure: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionLine:
    """A version with how it did on decisions taken while it was in use, and why it may not be."""

    version: ModelVersion
    tally: Tally
    falls: tuple[Fall, ...] = ()


@dataclass(frozen=True)
class Taught:
    """What a person decided about a statement, and for which organisation they sort."""

    text: str
    label: str | None
    safety: bool
    organization: int


#: What is measured before a version is used, in words; the keys are those of `engine.trial`.
MEASURES = {
    "safety_recall": _("人身安全诉求的找出率"),
    "safety_precision": _("人身安全提醒的正确率"),
    "category": _("领域正确率"),
    "top1": _("类型正确率"),
}
WHERE = {"base": _("自带样本"), "new": _("人工核对")}


def judgements() -> QuerySet[Labelling]:
    """Single decisions about statements for which the machine had named a type.

    Each was proposed before it was decided, so the share agreed is honest. Decisions for many at
    a tap are left out: they agree by definition.
    """
    return Labelling.objects.filter(undone=False, bulk=False, suggestion__label__isnull=False)


def accuracy(version: ModelVersion | None, study: Study | None = None) -> Tally:
    """Agreed of decided for a version, in one study or in all."""
    found = judgements()
    if version is not None:
        found = found.filter(suggestion__model=version)
    if study is not None:
        found = found.filter(statement__interview__study=study)
    counts = found.aggregate(decided=Count("pk"), agreed=Count("pk", filter=Q(agreed=True)))
    return Tally(str(version or ""), counts["agreed"], counts["decided"])


def accuracy_by_field(
    version: ModelVersion | None = None, study: Study | None = None
) -> list[Tally]:
    """Agreed of decided by the field that the machine named, most decided first."""
    found = judgements()
    if version is not None:
        found = found.filter(suggestion__model=version)
    if study is not None:
        found = found.filter(statement__interview__study=study)
    rows = (
        found.order_by()
        .values(name=F("suggestion__label__field__name_zh"))
        .annotate(decided=Count("pk"), agreed=Count("pk", filter=Q(agreed=True)))
        .order_by("-decided", "name")
    )
    return [Tally(row["name"], row["agreed"], row["decided"]) for row in rows]


def confusions(limit: int = 15) -> list[Confusion]:
    """What the machine mixes up most often."""
    rows = (
        judgements()
        .filter(agreed=False, label__isnull=False)
        .order_by()
        .values("suggestion__label", "suggestion__label__name_zh", "label", "label__name_zh")
        .annotate(times=Count("pk"))
        .order_by("-times", "suggestion__label", "label")[:limit]
    )
    return [
        Confusion(
            row["suggestion__label"],
            row["suggestion__label__name_zh"],
            row["label"],
            row["label__name_zh"],
            row["times"],
        )
        for row in rows
    ]


def version_lines() -> list[VersionLine]:
    """Every version, newest first, with its live accuracy. Two queries."""
    counts = {
        row["suggestion__model"]: row
        for row in judgements()
        .order_by()
        .values("suggestion__model")
        .annotate(decided=Count("pk"), agreed=Count("pk", filter=Q(agreed=True)))
    }
    nothing = {"agreed": 0, "decided": 0}
    lines = []
    for version in ModelVersion.objects.select_related("base"):
        row = counts.get(version.pk, nothing)
        tally = Tally(version.version, row["agreed"], row["decided"])
        lines.append(VersionLine(version, tally, _falls(version)))
    return lines


def _falls(version: ModelVersion) -> tuple[Fall, ...]:
    return tuple(
        Fall(
            str(WHERE[loss["where"]]),
            loss["texts"],
            str(MEASURES[loss["measure"]]),
            f"{loss['before']:.1%}",
            f"{loss['after']:.1%}",
        )
        for loss in version.losses
    )


def training_labellings(upto: int) -> Iterator[Taught]:
    """Every statement as people last decided it, in a fixed order."""
    latest = (
        Labelling.objects.filter(
            statement=OuterRef("statement"), undone=False, bulk=False, pk__lte=upto
        )
        .order_by("-pk")
        .values("pk")[:1]
    )
    rows = (
        Labelling.objects.filter(pk=Subquery(latest))
        .order_by("pk")
        .values_list(
            "statement__text", "label_id", "safety", "statement__interview__study__organization_id"
        )
        .iterator(chunk_size=2000)
    )
    return (Taught(*row) for row in rows)


def decisions_since(labelling_pk: int) -> int:
    """How many single decisions were taken after one of them."""
    return Labelling.objects.filter(pk__gt=labelling_pk, undone=False, bulk=False).count()


def switches() -> QuerySet[HistoryLine]:
    """Which version was learned, held back or put to use, when and by whom; newest first."""
    subject = ModelVersion._meta.label_lower
    return HistoryLine.objects.filter(subject=subject).select_related("actor")


def open_run() -> LearningRun | None:
    """The learning run that waits or works; one that has been silent too long counts as dead.

    A run that waits stays the one: however late the worker is, it will find it.
    """
    alive = Q(started_at__isnull=True) | Q(started_at__gt=timezone.now() - LearningRun.PATIENCE)
    return LearningRun.objects.filter(alive, finished_at__isnull=True).first()
