"""Workbooks of offers: kept for a day, looked at, brought in by one click, perhaps taken back."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.matching.models import Offer, OfferImport
from sanshe.matching.rules import may_keep_offers_of
from sanshe.matching.services.offers import (
    facts_of,
    import_offers,
    read_offer_workbook,
    save_offer,
    snapshot,
)
from sanshe.needs.services import uploads
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.import_files import KEPT_FOR, book_of
from sanshe.office.offers import OfferTable
from sanshe.office.tables import Book
from sanshe.office.write import write_error_workbook
from sanshe.organizations.models import Organization
from sanshe.organizations.selectors import REGISTER_DIGITS


def start_offer_import(
    *, organization: Organization, file_name: str, content: bytes, actor: User
) -> OfferImport:
    """Read an uploaded workbook and keep it for a day, to be confirmed after a look at it.

    Raises:
        NotPermitted: the person does not keep the offers of this organisation.
        BadEntry: the file is refused whole; the message says why and what to do.
    """
    demand(may_keep_offers_of(scope_today(actor), organization.pk))
    file_name = masked(file_name)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 2**20
        raise BadEntry(_("文件超过 %(most)s MB，请拆成几个文件。") % {"most": most})
    table = _read(book_of(content, file_name), organization)
    with transaction.atomic():
        return OfferImport.objects.create(
            organization=organization,
            actor=actor,
            file_name=file_name[-200:],
            stored=uploads.keep(content),
            found=len(table.rows),
            rejected=len({(error.sheet, error.row) for error in table.errors}),
        )


def table_of(import_: OfferImport) -> OfferTable:
    """What the kept workbook holds, read again as things are now, with personal numbers hidden.

    Raises:
        NotNow: a day has passed and the file is gone.
        BadEntry: as for `start_offer_import`.
    """
    table = _read(_book(import_), import_.organization)
    return replace(
        table,
        rows=[replace(row, id=_hidden(row.id), title=_hidden(row.title)) for row in table.rows],
        errors=[
            replace(
                error,
                sheet=_hidden(error.sheet),
                column=_hidden(error.column),
                message=_hidden(error.message),
            )
            for error in table.errors
        ],
    )


def _hidden(text: str) -> str:
    return masked(text, quietly=True)


def error_sheet_of(import_: OfferImport) -> bytes:
    """The rows with problems as a workbook, to be mended and uploaded again.

    Raises:
        NotNow, BadEntry: as for `table_of`.
    """
    book = _book(import_)
    table = _read(book, import_.organization)
    with TemporaryDirectory(prefix="sanshe-") as folder:
        path = Path(folder) / "errors.xlsx"
        write_error_workbook(path, book, table.errors, table.sheets)
        return path.read_bytes()


def confirm_offer_import(*, import_: OfferImport, actor: User) -> OfferImport:
    """Bring the good rows in, all or none, exactly once.

    Raises:
        NotPermitted: the person does not keep the offers of this organisation.
        NotNow: it was done already (a double click, another tab), or the file is gone.
        BadEntry: there is no good row.
    """
    # Reading comes first, so that the write lock is held only for the writing.
    table = _read(_book(import_), import_.organization)
    with transaction.atomic():
        import_ = _locked(import_, actor)
        if import_.imported_at is not None:
            raise NotNow(_("这个文件已经确认过，不会重复导入。"))
        import_.changed = import_offers(organization=import_.organization, table=table, actor=actor)
        import_.found = len(table.rows)
        import_.imported_at = timezone.now()
        import_.save()
        record(import_, "import", actor=actor, changes=_figures(import_))
    return import_


@transaction.atomic
def undo_offer_import(*, import_: OfferImport, actor: User) -> None:
    """Take back what an import brought, or give up a file that was not confirmed.

    Raises:
        NotPermitted: the person does not keep the offers of this organisation.
        NotNow: an offer was changed or matched since; the message says which.
    """
    import_ = _locked(import_, actor)
    offers = Offer.objects.select_for_update().in_bulk([int(key) for key in import_.changed])
    for key, kept in import_.changed.items():
        _take_back(offers.get(int(key)), kept, actor)
    if import_.imported_at is not None:
        record(import_, "undo", actor=actor, changes=_figures(import_))
    _forget(import_)


def expire_offer_imports(*, now: datetime) -> int:
    """Forget files a day after they came; how many. The offers stay."""
    old = list(OfferImport.objects.filter(created_at__lt=now - KEPT_FOR))
    with transaction.atomic():
        for import_ in old:
            _forget(import_)
    return len(old)


def _take_back(offer: Offer | None, kept: dict[str, Any], actor: User) -> None:
    if offer is None:  # deleted since: nothing is left to take back
        return
    if snapshot(offer) != kept["after"]:
        raise NotNow(
            _("“%(offer)s”导入后又被修改过，不能整批撤销；请逐项修改或停用。")
            % {"offer": offer.title}
        )
    if kept["before"] is not None:
        save_offer(
            organization=offer.organization,
            facts=facts_of(kept["before"]),
            actor=actor,
            offer=offer,
        )
        return
    record(offer, "delete", actor=actor, changes={"title": [offer.title, ""]})
    try:
        offer.delete()
    except ProtectedError as error:
        raise NotNow(
            _("“%(offer)s”已用于匹配，不能整批撤销；不再提供的请逐项停用。")
            % {"offer": offer.title}
        ) from error


def _locked(import_: OfferImport, actor: User) -> OfferImport:
    """The import as it is now.

    Raises:
        NotPermitted, NotNow: see the callers.
    """
    found = (
        OfferImport.objects.select_for_update(of=("self",))
        .select_related("organization")
        .filter(pk=import_.pk)
        .first()
    )
    if found is None:
        raise NotNow(_("这个文件已不在了，请再上传一次。"))
    demand(may_keep_offers_of(scope_today(actor), found.organization_id))
    return found


def _forget(import_: OfferImport) -> None:
    stored = import_.stored
    import_.delete()
    transaction.on_commit(lambda: uploads.drop(stored))


def _book(import_: OfferImport) -> Book:
    try:
        content = uploads.content_of(import_.stored)
    except (FileNotFoundError, ValueError) as error:
        raise NotNow(_("暂存的文件已删除（保留 24 小时），请再上传一次。")) from error
    return book_of(content, import_.file_name)


def _read(book: Book, organization: Organization) -> OfferTable:
    return read_offer_workbook(book, organization.division_id[:REGISTER_DIGITS])


def _figures(import_: OfferImport) -> dict[str, Any]:
    return {
        "file_name": import_.file_name,
        "found": import_.found,
        "rejected": import_.rejected,
    }
