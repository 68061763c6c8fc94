"""A classifier and a merger for tests: small, certain, and needing no training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from sanshe.engine.classify import Verdict
from sanshe.needs.models import ModelVersion
from sanshe.needs.services import classification, needs

#: The first word found decides: (word, label, confidence, safety).
WORDS = (
    ("打人", "WFM01", 0.95, True),
    ("路灯", "ENV03", 0.96, False),
    ("食堂", "ELD03", 0.80, False),
    ("停车", "ENV02", 0.92, False),
)


@dataclass
class FakeModel:
    """Knows a few words; everything else it leaves alone."""

    version: str = "fake-1"
    scores: Mapping[str, float] = field(default_factory=dict)
    rows: tuple[str, ...] = ()

    def classify(self, texts: Sequence[str]) -> list[Verdict]:
        return [self._verdict(text) for text in texts]

    def _verdict(self, text: str) -> Verdict:
        for word, label, confidence, safety in WORDS:
            if word in text:
                others = (("GOV01", 0.03), ("ELD01", 0.01))
                return Verdict(label, confidence, ((label, confidence), *others), safety, (word,))
        return Verdict(None, 0.2, (("GOV01", 0.2),), False, ())


def merge_by_first_letters(
    texts: Sequence[str],
    places: Sequence[str],
    labels: Sequence[str],
    scorer: object,
    *,
    locked: Mapping[int, int] | None = None,
) -> list[int]:
    """Texts that begin with the same two letters are one group; locked ones keep theirs."""
    first: dict[str, int] = {}
    groups = []
    for at, text in enumerate(texts):
        key = text[:2]
        if locked and at in locked:
            key = f"need {locked[at]}"
            first.setdefault(text[:2], first.get(key, at))
        groups.append(first.setdefault(key, at))
    # Free texts join the locked group that begins like them, whichever came first.
    by_start = {texts[at][:2]: groups[at] for at in (locked or {})}
    return [
        group if locked and at in locked else by_start.get(texts[at][:2], group)
        for at, group in enumerate(groups)
    ]


def use_fakes(monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    """Let services see the fakes instead of the engine."""
    version, _made = ModelVersion.objects.get_or_create(
        version="fake-1", defaults={"rows": 0, "active": True}
    )
    monkeypatch.setattr(classification, "ensure_model", lambda: (version, FakeModel()))
    monkeypatch.setattr(classification, "active_version", lambda: version)
    monkeypatch.setattr(classification, "read_model", lambda _version: FakeModel())
    monkeypatch.setattr(needs, "merge", merge_by_first_letters)
    monkeypatch.setattr(needs, "read_scorer", lambda: None)
    return version
