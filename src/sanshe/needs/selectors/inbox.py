"""The inbox of statements: what the machine says of each, why, and what people have decided."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sanshe.engine.hints import hints
from sanshe.needs.models import Labelling, Statement, Study, Suggestion
from sanshe.needs.selectors.statements import statements_visible_to
from sanshe.organizations.scope import Scope
from sanshe.taxonomy.models import Field, NeedType
from sanshe.taxonomy.selectors import open_need_types

#: What the inbox shows: still to decide, safety, not understood by the machine, decided, all.
SHOWS = ("open", "safety", "blank", "done", "all")
#: What sounds like harm, in words; the kinds are those of `engine.hints`.
HINTS = {
    "death": _("轻生、自伤或告别"),
    "violence": _("动手打人"),
    "injury": _("伤痕或遮挡"),
    "threat": _("威胁、躲避或不敢"),
    "confined": _("关锁、捆绑或挨饿"),
    "alone": _("孩子独处、害怕或没人照看"),
    "neglect": _("没人管或被丢下"),
    "touch": _("身体侵犯或强迫"),
    "bullying": _("欺负、排挤或勒索"),
    "fear": _("害怕、发抖或求助"),
    "squalor": _("无人应门或处境恶劣"),
}
#: A further type held less likely than this has no button of its own; all types are in the picker.
_WORTH_A_BUTTON = 0.01


@dataclass(frozen=True)
class Stretch:
    """Part of a statement; `hit` where these words decided."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Choice:
    """A type the machine holds possible; `number` is the key that accepts it."""

    number: int
    need_type: NeedType
    confidence: float


@dataclass(frozen=True)
class Entry:
    """One statement in the inbox."""

    statement: Statement
    stretches: tuple[Stretch, ...]
    choices: tuple[Choice, ...]
    suggested: NeedType | None
    confidence: float
    version: str
    noise: bool
    """The machine holds that nothing is asked for."""
    hints: tuple[str, ...]
    """For a flagged statement nobody has decided about: what in it sounds like harm, in words."""
    because: tuple[str, ...]
    decision: Labelling | None


@dataclass(frozen=True)
class Progress:
    """How far the sorting of a study is."""

    total: int
    decided: int
    danger: int
    blank: int
    sure: int

    @property
    def open(self) -> int:
        return self.total - self.decided

    @property
    def share(self) -> float:
        return self.decided / self.total if self.total else 1.0


def highlight(text: str, words: Iterable[str]) -> tuple[Stretch, ...]:
    """The text cut at the words that decided, longest first; joined it is the text again."""
    wanted = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    if not wanted:
        return (Stretch(text, hit=False),)
    pattern = re.compile("|".join(re.escape(word) for word in wanted), re.IGNORECASE)
    stretches, at = [], 0
    for found in pattern.finditer(text):
        if found.start() > at:
            stretches.append(Stretch(text[at : found.start()], hit=False))
        stretches.append(Stretch(found[0], hit=True))
        at = found.end()
    if at < len(text) or not stretches:
        stretches.append(Stretch(text[at:], hit=False))
    return tuple(stretches)


def inbox_of(scope: Scope, study: Study, show: str = "open") -> QuerySet[Statement]:
    """Statements of a study as far as this person reads them: safety first, then the least sure.

    Decided ones come last decided first.
    """
    found = (
        statements_visible_to(scope)
        .filter(interview__study=study)
        .select_related("interview__study", "label__field", "need")
        .prefetch_related(
            Prefetch("suggestions", Suggestion.objects.select_related("label", "model")),
            Prefetch(
                "labellings",
                Labelling.objects.filter(undone=False).select_related("actor", "label"),
            ),
        )
    )
    waiting = {
        "open": Q(checked=False),
        "safety": Q(safety=True),
        "blank": Q(checked=False, label__isnull=True),
        "done": Q(checked=True),
        "all": Q(),
    }[show if show in SHOWS else "open"]
    if show == "done":
        return found.filter(waiting).order_by("-updated_at", "-pk")
    return found.filter(waiting).order_by("checked", "-safety", "confidence", "pk")


def entries_of(statements: Iterable[Statement]) -> list[Entry]:
    """The statements ready to show; read them with `inbox_of`. One query more."""
    types = types_by_code()
    statements = list(statements)
    doubted = [found for found in statements if found.safety and not found.checked]
    heard = hints([found.text for found in doubted])
    told = {found.pk: kinds for found, kinds in zip(doubted, heard, strict=True)}
    return [_entry(found, types, told.get(found.pk, ())) for found in statements]


def types_by_code() -> dict[str, NeedType]:
    return {found.pk: found for found in NeedType.objects.select_related("field")}


def _entry(statement: Statement, types: Mapping[str, NeedType], heard: Iterable[str] = ()) -> Entry:
    suggestion = next(iter(statement.suggestions.all()), None)
    decision = next(iter(statement.labellings.all()), None)
    because: Sequence[str] = suggestion.because if suggestion else ()
    alternatives = suggestion.alternatives if suggestion else ()
    likely = [
        (types[code], share)
        for code, share in alternatives
        if code in types and not (statement.cleared and types[code].safety)
    ]
    suggested = types.get(suggestion.label_id or "") if suggestion else None
    confidence = suggestion.confidence if suggestion else 0.0
    if suggested and suggested.safety and statement.cleared and not statement.checked:
        # A person has said that nobody is in danger: what is proposed is another type, or none.
        suggested, confidence = types.get(statement.label_id or ""), statement.confidence
    return Entry(
        statement=statement,
        stretches=highlight(statement.text, because),
        choices=tuple(
            Choice(number, need_type, float(share))
            for number, (need_type, share) in enumerate(likely[:3], 1)
            if number == 1 or share >= _WORTH_A_BUTTON
        ),
        suggested=suggested,
        confidence=confidence,
        version=str(suggestion.model) if suggestion else "",
        noise=suggestion is not None and _is_noise(suggestion),
        because=tuple(because),
        hints=tuple(str(HINTS[kind]) for kind in heard),
        decision=decision if statement.checked else None,
    )


def _is_noise(suggestion: Suggestion) -> bool:
    best = suggestion.alternatives[0][1] if suggestion.alternatives else 0.0
    return suggestion.label_id is None and suggestion.confidence > best + 1e-4


def progress_of(scope: Scope, study: Study, floor: float) -> Progress:
    """How far the sorting is, among what this person reads. One query."""
    open_ = Q(checked=False)
    sure = Q(label__isnull=False, label__safety=False, safety=False, confidence__gte=floor)
    counts = (
        statements_visible_to(scope)
        .filter(interview__study=study)
        .order_by()
        .aggregate(
            total=Count("pk"),
            decided=Count("pk", filter=Q(checked=True)),
            danger=Count("pk", filter=open_ & Q(safety=True)),
            blank=Count("pk", filter=open_ & Q(label__isnull=True)),
            sure=Count("pk", filter=open_ & sure),
        )
    )
    return Progress(**counts)


def picker() -> list[tuple[Field, list[NeedType]]]:
    """Every type one may choose, under its field. One query."""
    groups: dict[str, tuple[Field, list[NeedType]]] = {}
    for need_type in open_need_types().order_by(F("field__code"), F("code")):
        field = need_type.field
        groups.setdefault(field.pk, (field, []))[1].append(need_type)
    return list(groups.values())
