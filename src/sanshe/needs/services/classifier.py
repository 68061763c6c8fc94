"""Where the trained models live: one file for each version in `<home>/models`, one active."""

import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sanshe.engine.classify import BadModel, Model, pack, unpack
from sanshe.engine.merge import Scorer
from sanshe.engine.trial import Loss
from sanshe.needs.models import ModelVersion
from sanshe.taxonomy.merge_model import shipped_scorer
from sanshe.taxonomy.model import shipped_model

log = logging.getLogger(__name__)

#: So many learned versions can be returned to.
KEPT = 10


def path_of(version: ModelVersion) -> Path:
    """The file of a version. The name is hashed: a version's text is never part of a path."""
    name = hashlib.sha256(version.version.encode()).hexdigest()[:24]
    return Path(settings.HOME) / "models" / f"{name}.model"


def active_version() -> ModelVersion | None:
    """The version in use, if one was made and its file is here."""
    version = ModelVersion.objects.filter(active=True).first()
    return version if version is not None and path_of(version).is_file() else None


def read_model(version: ModelVersion) -> Model:
    """The model of a version; kept in memory until its file changes.

    Raises:
        BadModel: the file was made by other code, or is damaged.
    """
    path = path_of(version)
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> Model:
    return unpack(Path(path).read_bytes())


def ensure_model() -> tuple[ModelVersion, Model]:
    """The version in use with its model; the shipped one where none is, or none can be read.

    On a fresh machine this trains, and takes half a minute: call it from a task.
    """
    version = active_version()
    if version is not None and version.base_id is not None:
        try:
            return version, read_model(version)
        except BadModel:
            log.warning("model %s cannot be read; the shipped one is used", version)
    shipped = read_shipped()
    if version is None or version.version != shipped.version:
        version = store_model(shipped)
    return version, shipped


def read_shipped() -> Model:
    """The model that comes with the product, trained at the first call on a machine."""
    return _shipped(Path(settings.HOME))


@lru_cache(maxsize=1)
def _shipped(home: Path) -> Model:
    return shipped_model(home)


def read_scorer() -> Scorer:
    """What tells whether two sentences ask for the same; trained at the first call on a machine."""
    return _scorer(Path(settings.HOME))


@lru_cache(maxsize=1)
def _scorer(home: Path) -> Scorer:
    return shipped_scorer(home)


def store_model(
    model: Model,
    *,
    base: ModelVersion | None = None,
    corrections: int = 0,
    losses: Sequence[Loss] = (),
    activate: bool = True,
) -> ModelVersion:
    """Write a model's file and its row; what was trained twice to the same is one version.

    A version with `losses` is kept and never used.
    """
    version = ModelVersion(version=model.version)
    path = path_of(version)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved: a reader never sees half a file.
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(pack(model))
    partial.replace(path)
    with transaction.atomic():
        version, _made = ModelVersion.objects.get_or_create(
            version=model.version,
            defaults={
                "base": base,
                "rows": len(model.rows),
                "corrections": corrections,
                "scores": dict(model.scores),
                "losses": [asdict(loss) for loss in losses],
            },
        )
        if activate and not losses:
            use_version(version)
    return version


def forget_old_files() -> int:
    """Delete the files of old learned versions (20 MB each); their rows and scores stay."""
    learned = ModelVersion.objects.filter(base__isnull=False)
    kept = set(learned.order_by("-pk").values_list("pk", flat=True)[:KEPT])
    gone = 0
    for version in learned.filter(active=False).exclude(pk__in=kept):
        path = path_of(version)
        gone += path.is_file()
        path.unlink(missing_ok=True)
    return gone


@transaction.atomic
def use_version(version: ModelVersion) -> None:
    """Make a version the one in use."""
    # Locked in one order, so that two switches at the same moment follow each other.
    list(ModelVersion.objects.select_for_update().order_by("pk").values_list("pk"))
    ModelVersion.objects.filter(active=True).exclude(pk=version.pk).update(active=False)
    ModelVersion.objects.filter(pk=version.pk).update(active=True)
    version.active = True
