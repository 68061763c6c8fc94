"""Workbooks in: upload and preview, choose columns, confirm once, store, undo."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, DomainError, NotNow
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.needs.models import (
    ColumnMemory,
    Import,
    ImportMove,
    ImportStatus,
    Study,
)
from sanshe.needs.rules import may_collect
from sanshe.needs.services import uploads
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.import_files import (
    book_of,
    content_of,
    demand_collecting,
    forget_files,
    locked,
    move,
    refuse_twice,
    take_over,
)
from sanshe.needs.services.interviews import store_masked
from sanshe.needs.services.undoing import remove_statements_of
from sanshe.needs.services.workbooks import (
    UNUSED,
    Choices,
    read_workbook,
    remembered,
)

#: Files with more rows than this are stored by the worker, not while the person waits.
AT_ONCE = 2000
#: After this long a running import may be sent to the worker again.
STALE_AFTER = timedelta(minutes=10)


def start_import(*, study: Study, file_name: str, content: bytes, actor: User) -> Import:
    """Read an uploaded workbook and keep it for a day, to be confirmed after a look at it.

    Raises:
        NotPermitted: the person does not collect for this study.
        NotNow: the study takes no more statements.
        AlreadyImported: the same file was brought in before.
        BadEntry: the file is refused whole; the message says why and what to do.
    """
    demand(may_collect(scope_today(actor), study))
    demand_collecting(study)
    file_name = masked(file_name)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 2**20
        raise BadEntry(_("文件超过 %(most)s MB，请拆成几个文件。") % {"most": most})
    digest = hashlib.sha256(content).hexdigest()
    refuse_twice(study, digest)
    book = book_of(content, file_name)
    choices = Choices(mapping=remembered(book, study))
    reading = read_workbook(book, study, choices)
    stored = uploads.keep(content)
    try:
        with transaction.atomic():
            import_ = Import(
                study=study,
                file_name=file_name[-200:],
                sha256=digest,
                stored=stored,
                actor=actor,
                mapping=dict(choices.mapping),
            )
            take_over(import_, reading, book)
            import_.save()
            record(import_, "create", actor=actor, changes=_figures(import_))
    except IntegrityError as error:
        # Two tabs sent the same file at the same moment: the first one stays.
        uploads.drop(stored)
        uploads.drop(import_.error_sheet)
        refuse_twice(study, digest)
        raise NotNow(_("文件没有保存，请再上传一次。")) from error
    return import_


def choose_columns(*, import_: Import, choices: Choices, actor: User) -> Import:
    """Read the kept workbook again with other columns.

    Raises:
        NotPermitted, NotNow, BadEntry: as for `start_import`.
    """
    demand(may_collect(scope_today(actor), import_.study))
    _demand_preview(import_)
    content = content_of(import_)
    book = book_of(content, import_.file_name)
    reading = read_workbook(book, import_.study, choices)
    old_sheet = import_.error_sheet
    with transaction.atomic():
        import_ = locked(import_)
        _demand_preview(import_)
        import_.mapping = dict(choices.mapping)
        import_.informant = choices.informant
        import_.method = choices.method
        take_over(import_, reading, book)
        import_.save()
    uploads.drop(old_sheet)
    return import_


@transaction.atomic
def confirm_import(*, import_: Import, actor: User) -> Import:
    """Let the import begin, exactly once; `store_import` does the work.

    Raises:
        NotPermitted: the person does not collect for this study.
        NotNow: it has begun already (a double click, another tab), or the study is closed.
        BadEntry: there is nothing to import.
    """
    import_ = locked(import_)
    demand(may_collect(scope_today(actor), import_.study))
    if import_.status not in {ImportStatus.PREVIEW, ImportStatus.FAILED}:
        raise NotNow(_("这个文件已经确认过，不会重复导入。"))
    demand_collecting(import_.study)
    if not import_.found:
        raise BadEntry(
            _("没有可以导入的行；请先对应好“反映内容”所在的列，或按提示改好文件再上传。")
        )
    move(import_, ImportMove.CONFIRM)
    import_.started_at = timezone.now()
    import_.problem = ""
    import_.save()
    _remember(import_)
    record(import_, ImportMove.CONFIRM, actor=actor, changes=_figures(import_))
    return import_


def store_import(*, import_: Import) -> Import:
    """Write the statements of a confirmed import, all or none; called again it changes nothing.

    A reason the person can mend is kept in `problem`, and the import may be confirmed again.
    """
    import_ = Import.objects.select_related("study__community", "actor").get(pk=import_.pk)
    if import_.status != ImportStatus.RUNNING:
        return import_
    try:
        # Reading and masking come first, so that the write lock is held only for the writing.
        choices = Choices(import_.mapping, import_.informant, import_.method)
        book = book_of(content_of(import_), import_.file_name)
        reading = read_workbook(book, import_.study, choices)
        with transaction.atomic():
            import_ = locked(import_)
            if import_.status != ImportStatus.RUNNING:
                return import_
            demand_collecting(import_.study)
            actor = import_.actor
            store_masked(study=import_.study, rows=reading.rows, actor=actor, source=import_)
            stored, import_.stored = import_.stored, ""
            move(import_, ImportMove.STORE)
            import_.found = len(reading.rows)
            import_.finished_at = timezone.now()
            import_.save()
            record(import_, ImportMove.STORE, actor=actor, changes=_figures(import_))
            transaction.on_commit(lambda: uploads.drop(stored))
    except DomainError as error:
        with transaction.atomic():
            import_ = locked(import_)
            if import_.status == ImportStatus.RUNNING:
                move(import_, ImportMove.FAIL)
                import_.problem = masked(str(error.message), quietly=True)
                import_.save()
                record(import_, ImportMove.FAIL, actor=None, note=import_.problem)
    return import_


def import_workbook(*, study: Study, path: Path, actor: User, file_name: str = "") -> Import:
    """Upload, confirm and store in one go, without a look at the preview (the demo does this).

    Raises:
        as `start_import` and `confirm_import`.
    """
    import_ = start_import(
        study=study, file_name=file_name or path.name, content=path.read_bytes(), actor=actor
    )
    return store_import(import_=confirm_import(import_=import_, actor=actor))


@transaction.atomic
def undo_import(*, import_: Import, actor: User) -> Import:
    """Take the statements of an import out again, or give up one that was not confirmed.

    Raises:
        NotPermitted: the person does not collect for this study.
        NotNow: people have worked with the statements since; the message says how.
    """
    import_ = locked(import_)
    demand(may_collect(scope_today(actor), import_.study))
    verb = ImportMove.UNDO if import_.status == ImportStatus.DONE else ImportMove.DISCARD
    move(import_, verb)
    if verb == ImportMove.UNDO:
        demand_collecting(import_.study)
        removed = remove_statements_of(import_)
        record(import_, verb, actor=actor, changes={"found": [removed, 0]})
    else:
        record(import_, verb, actor=actor)
    forget_files(import_)
    import_.errors, import_.preview = [], {}
    import_.save()
    return import_


def is_stale(import_: Import, now: datetime) -> bool:
    """Whether a running import waits so long that its worker may be dead."""
    started = import_.started_at
    running = import_.status == ImportStatus.RUNNING
    return running and started is not None and now - started > STALE_AFTER


def _demand_preview(import_: Import) -> None:
    if import_.status not in {ImportStatus.PREVIEW, ImportStatus.FAILED}:
        raise NotNow(
            _("这个文件现在是“%(status)s”，不能再更改列对应。")
            % {"status": import_.get_status_display()}
        )


def _remember(import_: Import) -> None:
    """Keep the columns people chose, for the next file with the same headings; what they left
    to the program is forgotten."""
    chosen: Mapping[str, str] = import_.mapping
    headings = [column["heading"] for column in import_.preview.get("columns", [])]
    ColumnMemory.objects.filter(
        organization_id=import_.study.organization_id, heading__in=headings
    ).delete()
    rows = [
        ColumnMemory(
            organization_id=import_.study.organization_id, heading=heading[:80], field=name
        )
        for name, heading in chosen.items()
        if heading and heading != UNUSED
    ]
    ColumnMemory.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organization", "heading"],
        update_fields=["field"],
    )


def _figures(import_: Import) -> dict[str, Any]:
    return {
        "file_name": import_.file_name,
        "found": import_.found,
        "rejected": import_.rejected,
    }
