"""Uploaded workbooks between preview and import: encrypted at rest, gone when no longer needed."""

import base64
import secrets
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from sanshe.core.encryption import decrypt, encrypt

_FOLDER = "imports"
_LONGEST_NAME = 80


def keep(content: bytes) -> str:
    """Store bytes under the field key; the name to find them by."""
    sealed = encrypt(base64.b64encode(content).decode("ascii"))
    name = f"{_FOLDER}/{secrets.token_hex(16)}"
    return str(default_storage.save(name, ContentFile(sealed)))


def content_of(name: str) -> bytes:
    """The bytes as they came.

    Raises:
        FileNotFoundError: they were dropped.
    """
    with default_storage.open(name, "rb") as file:
        return base64.b64decode(decrypt(file.read()))


def drop(name: str) -> None:
    """Forget stored bytes; nothing happens where there are none."""
    if name:
        default_storage.delete(name)


def sweep(*, keep: Collection[str], before: datetime) -> None:
    """Drop what was stored before a moment and belongs to nothing: leftovers of a crash."""
    try:
        _folders, names = default_storage.listdir(_FOLDER)
    except FileNotFoundError:
        return
    for name in (f"{_FOLDER}/{name}" for name in names):
        if name not in keep and default_storage.get_modified_time(name) < before:
            default_storage.delete(name)


@contextmanager
def as_file(content: bytes, file_name: str) -> Iterator[Path]:
    """The bytes as a file of that name for the reader, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="sanshe-") as folder:
        # The reader looks at the bytes, not at the name; the name only appears in its messages.
        # A Chinese character takes three bytes, and a file system allows 255.
        path = Path(folder) / (PurePath(file_name).name[-_LONGEST_NAME:] or "upload")
        path.write_bytes(content)
        yield path
