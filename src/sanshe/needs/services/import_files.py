"""What all steps of an import share: its files, its lock, its moves, and what is forgotten when."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.engine.flow import MoveNotAllowed
from sanshe.needs.models import (
    IMPORT_FLOW,
    LIVE_IMPORTS,
    Import,
    ImportMove,
    ImportStatus,
    Study,
)
from sanshe.needs.rules import is_collecting
from sanshe.needs.services import uploads
from sanshe.needs.services.workbooks import Reading, preview_of, sentence
from sanshe.office.errors import OfficeError
from sanshe.office.rows import RowError, RowWarning
from sanshe.office.tables import Book, read_book
from sanshe.office.write import write_error_workbook

#: How long an upload waits to be confirmed, and an error sheet to be fetched.
KEPT_FOR = timedelta(hours=24)
_LISTED = 500


class AlreadyImported(BadEntry):
    """This very file is in the study; `earlier` is the import that brought it."""

    def __init__(self, message: str, earlier: Import) -> None:
        super().__init__(message)
        self.earlier = earlier


def expire_imports(*, now: datetime) -> int:
    """Forget uploads nobody confirmed and error sheets nobody fetched within a day; how many."""
    forgotten = 0
    old = Import.objects.filter(updated_at__lt=now - KEPT_FOR)
    waiting = old.filter(status__in=[ImportStatus.PREVIEW, ImportStatus.FAILED])
    done = old.filter(status=ImportStatus.DONE).exclude(error_sheet="")
    for key in list(waiting.values_list("pk", flat=True)) + list(done.values_list("pk", flat=True)):
        with transaction.atomic():
            import_ = locked(Import(pk=key))
            if import_.updated_at >= now - KEPT_FOR:
                continue
            if import_.status != ImportStatus.DONE:
                move(import_, ImportMove.EXPIRE)
                import_.preview, import_.errors = {}, []
                record(import_, ImportMove.EXPIRE, actor=None)
            forget_files(import_)
            import_.save()
            forgotten += 1
    known = {name for pair in Import.objects.values_list("stored", "error_sheet") for name in pair}
    uploads.sweep(keep=known, before=now - KEPT_FOR)
    return forgotten


def error_sheet_of(import_: Import) -> bytes:
    """The workbook of rows with problems.

    Raises:
        NotNow: there were none, or a day has passed.
    """
    try:
        return uploads.content_of(import_.error_sheet) if import_.error_sheet else _gone()
    except FileNotFoundError:
        return _gone()


def _gone() -> bytes:
    raise NotNow(_("问题表只保留 24 小时，现已删除；请改好原文件后再上传一次。"))


def demand_collecting(study: Study) -> None:
    if not is_collecting(study):
        raise NotNow(
            _("调研现在是“%(status)s”，不能导入或撤销；如需补充，请先在调研页点“补充采集”。")
            % {"status": study.get_status_display()}
        )


def refuse_twice(study: Study, digest: str) -> None:
    earlier = Import.objects.filter(study=study, sha256=digest, status__in=LIVE_IMPORTS).first()
    if earlier is not None:
        message = _("这个文件已经上传过（%(name)s，%(status)s），没有重复导入。")
        raise AlreadyImported(
            message % {"name": earlier.file_name, "status": earlier.get_status_display()}, earlier
        )


def locked(import_: Import) -> Import:
    found = Import.objects.select_for_update(of=("self",)).select_related(
        "study__community", "study__organization", "actor"
    )
    return found.get(pk=import_.pk)


def move(import_: Import, verb: str) -> None:
    try:
        import_.status = IMPORT_FLOW.target(verb, import_.status)
    except MoveNotAllowed as error:
        raise NotNow(
            _("这个文件现在是“%(status)s”，不能进行此操作；请刷新页面。")
            % {"status": import_.get_status_display()}
        ) from error


def content_of(import_: Import) -> bytes:
    try:
        return uploads.content_of(import_.stored)
    except (FileNotFoundError, ValueError) as error:
        raise NotNow(_("暂存的文件已删除（保留 24 小时），请再上传一次。")) from error


def book_of(content: bytes, file_name: str) -> Book:
    with uploads.as_file(content, file_name) as path:
        try:
            return read_book(path)
        except OfficeError as error:
            raise BadEntry(sentence(error)) from error


def take_over(import_: Import, reading: Reading, book: Book) -> None:
    """Write what a reading found into the import.

    Its words are masked: a message quotes the cell it is about, and a sheet may be called after
    anybody. The workbook of problems goes back to whoever brought the file, with its own cells.
    """
    import_.preview = preview_of(reading)
    import_.found = len(reading.rows)
    bad_rows = {(error.sheet, error.row) for error in reading.problems}
    import_.rejected = len(bad_rows)
    import_.errors = listed(reading.problems[:_LISTED])
    import_.warnings = listed(reading.warnings[:_LISTED])
    import_.error_sheet = ""
    if reading.problems:
        with tempfile.TemporaryDirectory(prefix="sanshe-") as folder:
            path = Path(folder) / "errors.xlsx"
            write_error_workbook(path, book, reading.problems, reading.sheets)
            import_.error_sheet = uploads.keep(path.read_bytes())


def listed(said: Sequence[RowError] | Sequence[RowWarning]) -> list[dict[str, Any]]:
    """What a reader said about rows, as data, with personal numbers hidden."""
    return [
        {
            name: masked(value, quietly=True) if isinstance(value, str) else value
            for name, value in asdict(about).items()
        }
        for about in said
    ]


def forget_files(import_: Import) -> None:
    names = (import_.stored, import_.error_sheet)
    import_.stored = import_.error_sheet = ""

    def drop() -> None:
        for name in names:
            uploads.drop(name)

    transaction.on_commit(drop)
