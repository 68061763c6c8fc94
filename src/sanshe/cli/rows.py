"""Rows of office files as rows of the engine, and what to say of rows that were left out."""

from collections.abc import Iterable, Sequence

from sanshe.cli.console import say
from sanshe.cli.words import t
from sanshe.engine.candidates import NeedRow, OfferRow
from sanshe.office import needs as office_needs
from sanshe.office import offers as office_offers
from sanshe.office.rows import RowError, RowWarning
from sanshe.taxonomy.tree import Tree

ERROR_COLUMNS = ("sheet", "row", "column", "reason", "message")
_SHOWN = 10


def leaf_words(tree: Tree) -> dict[str, str]:
    """Every way a need type may be written in an office table: its code, its names."""
    words: dict[str, str] = {}
    for leaf in tree.leaves:
        for word in (leaf.code, leaf.code.lower(), leaf.name_zh, leaf.name_en):
            words.setdefault(word, leaf.code)
    return words


def offer_row(row: office_offers.OfferRow) -> OfferRow:
    return OfferRow(
        id=row.id,
        leaves=row.leaf_codes,
        capacity=row.capacity,
        catchment=row.catchment,
        provider=row.provider,
        kind=row.kind,
        title=row.title,
        target_groups=row.target_groups,
        languages=row.languages,
        unit_cost_fen=row.unit_cost_fen or 0,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        minors_cleared=row.minors_cleared,
    )


def need_row(row: office_needs.NeedRow) -> NeedRow:
    return NeedRow(
        id=row.id,
        leaves=row.leaf_codes,
        community=row.community_code,
        people=row.people,
        priority=row.priority,
        band=row.band,
        target_group=row.target_group,
        languages=row.languages,
        date_from=row.start,
        date_to=row.end,
    )


def error_rows(errors: Iterable[RowError]) -> list[tuple[object, ...]]:
    """The lines of errors.csv."""
    return [(e.sheet, e.row, e.column, e.reason, e.message) for e in errors]


def tell(name: str, errors: Sequence[RowError], warnings: Sequence[RowWarning]) -> None:
    """Name the first rows that were left out, and what was understood with a doubt."""
    for error in errors[:_SHOWN]:
        column = f" “{error.column}”" if error.column else ""
        say(f"{name} {error.sheet} {error.row}{column}: {error.message}")
    if len(errors) > _SHOWN:
        more = len(errors) - _SHOWN
        say(t(f"{name}：另有 {more} 处错误未列出", f"{name}: {more} more errors"))
    for warning in warnings[:_SHOWN]:
        row = f" {warning.row}" if warning.row else ""
        say(f"{name} {warning.sheet}{row}: {warning.message}")
