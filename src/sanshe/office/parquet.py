"""Parquet through polars, loaded only here: its import costs half a second."""

import os
from collections.abc import Iterator
from pathlib import Path

from sanshe.office import limits
from sanshe.office.grids import Grid, Meter, Plain
from sanshe.office.limits import Refused

_BATCH = 20_000


def read(path: Path, name: str) -> list[Grid]:
    """The one table, its column names as the heading row."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    try:
        lazy = pl.scan_parquet(path, glob=False)
        names = lazy.collect_schema().names()
        if len(names) > limits.MAX_COLUMNS:
            raise Refused("too_big", f" {len(names)} 列", f"{len(names)} columns")
        height = lazy.select(pl.len()).collect().item()
        if height > limits.MAX_ROWS:
            raise Refused("too_big", f" {height} 行", f"{height} rows")
    except pl.exceptions.PolarsError as error:
        raise _broken() from error

    def rows() -> Iterator[list[Plain]]:
        meter = Meter()
        yield meter.take(names)
        try:
            for start in range(0, height, _BATCH):
                yield from map(meter.take, lazy.slice(start, _BATCH).collect().iter_rows())
        except pl.exceptions.PolarsError as error:
            raise _broken() from error

    return [Grid(name, stream=rows())]


def _broken() -> Refused:
    return Refused("damaged", "Parquet 内容有误", "broken Parquet")
