"""Forming needs out of what was said. The machine adds; it moves nothing that stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.history import record
from sanshe.engine.merge import merge
from sanshe.engine.title import propose_title
from sanshe.needs.models import OPEN_NEEDS, Need, NeedStatus, Statement, Study, Suggestion
from sanshe.needs.rules import may_arrange
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.classifier import read_scorer
from sanshe.needs.services.ranking import rank_study
from sanshe.needs.services.safety import place_safety
from sanshe.needs.services.saying import statements_note
from sanshe.taxonomy.models import NeedType

_BATCH = 1000


@dataclass(frozen=True)
class Proposed:
    """What forming needs came to."""

    made: int = 0
    joined: int = 0
    safety: int = 0


@dataclass(frozen=True)
class _Voice:
    pk: int
    ordinal: int
    text: str
    place: str
    label: str
    checked: bool
    confidence: float
    alternatives: list[tuple[str, float]] | None
    main: int | None
    """The need it speaks for; for a merged one, the need it was merged into."""

    @property
    def belief(self) -> dict[str, float]:
        """What is believed of its leaf: a person's word, else what the model thought possible."""
        if self.checked or not self.alternatives:
            return {self.label: 1.0}
        return dict(self.alternatives)


@dataclass(frozen=True)
class _Group:
    main: int | None
    label: str
    place: str
    title: str
    voices: tuple[_Voice, ...]
    """Those that stand in no need yet."""


def propose_needs(*, study: Study, actor: User | None) -> Proposed:
    """Put every labelled statement that stands in no need into one: an open one, or a new one.

    Safe to repeat: what stands in a need stays there, titles are left alone, locked needs keep
    their members (new voices may join them), safety statements stay apart, one need each.
    `actor` None means the program itself.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
    """
    if actor is not None:
        demand(may_arrange(scope_today(actor), study))
    safety = place_safety(study)
    # Comparing texts takes its time: done before the first lock is taken.
    groups = _groups(_voices(study))
    made, joined = _store(study, groups, actor)
    return Proposed(made=made, joined=joined, safety=len(safety))


def unplaced(study: Study) -> int:
    """How many labelled statements wait to be put into a need."""
    return Statement.objects.filter(
        interview__study=study, need__isnull=True, label__isnull=False, dismissed=False
    ).count()


def _voices(study: Study) -> list[_Voice]:
    waiting = Q(need__isnull=True, label__isnull=False)
    standing = Q(need__status__in=[*OPEN_NEEDS, NeedStatus.MERGED], need__safety=False)
    latest = Suggestion.objects.filter(statement=OuterRef("pk")).order_by("-pk")
    rows = (
        Statement.objects.filter(
            waiting | standing, interview__study=study, dismissed=False, safety=False
        )
        .annotate(main=Coalesce("need__merged_into", "need"))
        .order_by("pk")
        # A voice that people placed without a type has that of its need.
        .annotate(spoken=Coalesce("label", "need__need_type"))
        .annotate(possible=Subquery(latest.values("alternatives")[:1]))
        .values_list("pk", "ordinal", "text", "community_id", "spoken", "checked", "confidence",
                     "possible", "main")
    )  # fmt: skip
    return [_Voice(*row) for row in rows]


def _groups(voices: Sequence[_Voice]) -> list[_Group]:
    if all(voice.main is not None for voice in voices):
        return []
    numbers = merge(
        [voice.text for voice in voices],
        [voice.place for voice in voices],
        [voice.belief for voice in voices],
        read_scorer(),
        locked={at: voice.main for at, voice in enumerate(voices) if voice.main is not None},
    )
    members: dict[int, list[_Voice]] = defaultdict(list)
    for number, voice in zip(numbers, voices, strict=True):
        members[number].append(voice)
    return [group for found in members.values() for group in _split_by_label(found)]


def _split_by_label(members: list[_Voice]) -> Iterable[_Group]:
    """One group for what people labelled alike: their word counts more than likeness of words."""
    mains = sorted({voice.main for voice in members if voice.main is not None})
    new = [voice for voice in members if voice.main is None]
    if not new:
        return
    leading = _leading_label(members)
    by_label: dict[str, list[_Voice]] = defaultdict(list)
    for voice in new:
        by_label[voice.label if voice.checked else leading].append(voice)
    for label, found in by_label.items():
        yield _Group(
            main=mains[0] if mains and label == leading else None,
            label=label,
            place=found[0].place,
            title=propose_title([voice.text for voice in found]),
            voices=tuple(found),
        )


def _leading_label(members: Iterable[_Voice]) -> str:
    weights: dict[str, float] = defaultdict(float)
    for voice in members:
        if voice.label:
            weights[voice.label] += 2.0 if voice.checked else voice.confidence
    return min(weights, key=lambda label: (-weights[label], label))


@transaction.atomic
def _store(study: Study, groups: Sequence[_Group], actor: User | None) -> tuple[int, int]:
    study = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    # What happened while the texts were compared counts: only what still waits is placed.
    waiting = set(
        Statement.objects.select_for_update(of=("self",))
        .filter(interview__study=study, need__isnull=True, safety=False, dismissed=False)
        .values_list("pk", flat=True)
    )
    mains = Need.objects.select_for_update(of=("self",)).filter(
        study=study, status__in=OPEN_NEEDS, safety=False
    ).in_bulk([group.main for group in groups if group.main is not None])  # fmt: skip
    types = NeedType.objects.in_bulk({group.label for group in groups})
    placed: list[Statement] = []
    made = joined = 0
    for group in groups:
        voices = [voice for voice in group.voices if voice.pk in waiting]
        if not voices or group.label not in types:
            continue
        need = mains.get(group.main) if group.main is not None else None
        verb = "voice_in"
        if need is None or (need.need_type_id != group.label and _all_checked(voices)):
            need = Need.objects.create(
                study=study,
                community_id=group.place,
                need_type=types[group.label],
                title=group.title or types[group.label].name_zh,
            )
            verb, made = "propose", made + 1
        else:
            joined += len(voices)
        # The forming is the program's doing; who asked for it stands in the study's history.
        record(need, verb, actor=None, note=statements_note([v.ordinal for v in voices]))
        placed += [Statement(pk=voice.pk, need=need) for voice in voices]
    Statement.objects.bulk_update(placed, ["need"], batch_size=_BATCH)
    if placed:
        note = _("新归并 %(made)s 个需求，%(joined)s 条原话加入已有需求") % {
            "made": made,
            "joined": joined,
        }
        record(study, "propose", actor=actor, note=note)
        rank_study(study)
    return made, joined


def _all_checked(voices: Iterable[_Voice]) -> bool:
    return all(voice.checked for voice in voices)
