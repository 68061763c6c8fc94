"""The rows of a proposal's tables as plain values, to tell what people changed."""

from decimal import Decimal

from sanshe.engine.draft import Draft

#: The tables by the section they stand in.
TABLES = {7: "objectives", 8: "activities", 10: "team", 11: "budget", 12: "risks"}
#: What belongs to a row; an offer or a certificate is looked up, not written.
_COLUMNS = {
    7: ("statement", "indicator", "unit", "target", "baseline", "source", "due_on", "needs",
        "override"),
    8: ("kind", "title", "sessions", "people", "month", "objective", "owner"),
    10: ("part", "name", "hours_week"),
    11: ("account", "item", "unit_price_fen", "unit", "quantity", "basis", "funder"),
    12: ("risk", "response"),
}  # fmt: skip


def table_rows(draft: Draft) -> dict[int, list[list[str]]]:
    """By section: its rows, each a list of words."""
    return {
        number: [
            [_word(getattr(row, column)) for column in _COLUMNS[number]]
            for row in getattr(draft, name)
        ]
        for number, name in TABLES.items()
    }


def _word(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return " ".join(sorted(map(str, value)))
    return "" if value is None else str(value)
