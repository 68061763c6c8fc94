"""What the machine says of statements, kept beside what people decide."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from sanshe.core.history import record
from sanshe.engine.classify import BadModel, Verdict
from sanshe.needs.models import (
    Labelling,
    ModelVersion,
    Need,
    Statement,
    Study,
    Suggestion,
)
from sanshe.needs.services.classifier import active_version, ensure_model, read_model
from sanshe.needs.services.safety import danger_types, place_safety, retitle, without_danger
from sanshe.needs.services.saying import statements_note
from sanshe.taxonomy.models import NeedType

_BATCH = 2000


def suggest(text: str) -> Verdict | None:
    """What the active model says of one text; None where no model is ready or nothing is said.

    Never trains: it answers while somebody is typing.
    """
    version = active_version() if text.strip() else None
    try:
        return read_model(version).classify([text])[0] if version else None
    except BadModel:
        # Made by other code: the next classification in the background replaces it.
        return None


def waiting_for(study: Study, version: ModelVersion | None) -> QuerySet[Statement]:
    """Statements of a study that the version has not looked at and no person has decided."""
    seen = Suggestion.objects.filter(statement=OuterRef("pk"))
    if version is not None:
        seen = seen.filter(model=version)
    return Statement.objects.filter(~Exists(seen), interview__study=study, checked=False)


def waiting_since(study: Study) -> tuple[int, datetime | None]:
    """How many statements no model has looked at yet, and since when the oldest waits."""
    waiting = waiting_for(study, None)
    return waiting.count(), waiting.aggregate(since=Min("created_at"))["since"]


def classify_study(study: Study) -> int:
    """Let the active model look at every undecided statement it has not seen; their number.

    Safe to repeat and to run twice at once: a statement has one suggestion of a version, and
    what a person decides meanwhile stands.
    """
    version, model = ensure_model()
    known = set(NeedType.objects.values_list("pk", flat=True))
    done, last = 0, 0
    while True:
        rows = list(
            waiting_for(study, version)
            .filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", "text")[:_BATCH]
        )
        if not rows:
            break
        verdicts = model.classify([text for _pk, text in rows])
        _keep(version, dict(zip((pk for pk, _text in rows), verdicts, strict=True)), known)
        done, last = done + len(rows), rows[-1][0]
    place_safety(study)
    return done


@transaction.atomic
def _keep(version: ModelVersion, verdicts: dict[int, Verdict], known: set[str]) -> None:
    statements = list(
        Statement.objects.select_for_update(of=("self",))
        .filter(pk__in=verdicts, checked=False)
        .select_related("need")
    )
    # Earlier suggestions that nobody decided upon have told nobody anything.
    decided = Labelling.objects.filter(suggestion=OuterRef("pk"))
    Suggestion.objects.filter(
        ~Exists(decided), ~Q(model=version), statement__in=statements
    ).delete()
    Suggestion.objects.bulk_create(
        (
            Suggestion(
                statement=statement,
                model=version,
                label_id=_known(verdicts[statement.pk].label, known),
                confidence=verdicts[statement.pk].confidence,
                alternatives=_alternatives(verdicts[statement.pk], known),
                because=list(verdicts[statement.pk].because),
                safety=verdicts[statement.pk].safety,
            )
            for statement in statements
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    danger = danger_types()
    robbed: dict[int, Need] = {}
    for statement in statements:
        verdict = verdicts[statement.pk]
        statement.label_id = _known(verdict.label, known)
        statement.confidence = min(1.0, max(0.0, verdict.confidence))
        # The machine may raise the alarm over what was placed already, never lift it; over what a
        # person has looked at and cleared it is not asked again.
        held = statement.safety and statement.need_id is not None
        statement.safety = (verdict.safety and not statement.cleared) or held
        if statement.cleared:
            statement.label_id, statement.confidence = without_danger(
                statement.label_id, statement.confidence, _alternatives(verdict, known), danger
            )
        if statement.safety and statement.need is not None and not statement.need.safety:
            robbed[statement.need.pk] = statement.need
            _take_out(statement, statement.need)
    Statement.objects.bulk_update(
        statements, ["label", "confidence", "safety", "need", "placed"], batch_size=_BATCH
    )
    retitle(robbed.values())


def _take_out(statement: Statement, need: Need) -> None:
    """Words about somebody's safety may not stand in a need that everybody reads."""
    statement.need = None
    statement.placed = False
    record(need, "voice_out", actor=None, note=statements_note([statement.ordinal]))


def _known(label: str | None, known: set[str]) -> str | None:
    return label if label in known else None


def _alternatives(verdict: Verdict, known: set[str]) -> Sequence[tuple[str, float]]:
    return [
        (label, round(float(confidence), 4))
        for label, confidence in verdict.alternatives
        if label in known
    ]
