"""`sanshe merge`: texts in, groups of the same need out."""

import time
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, progress, show
from sanshe.cli.models import scorer
from sanshe.cli.rows import tell
from sanshe.cli.words import t
from sanshe.engine.merge import merge
from sanshe.engine.normalize import normalize
from sanshe.office.texts import read_texts
from sanshe.office.write import write_csv

COLUMNS = ("id", "group")


def run(
    texts: Annotated[
        Path,
        typer.Argument(
            help=t("文本表（id,text[,place][,label]）", "Table (id,text[,place][,label])")
        ),
    ],
    out: Annotated[Path, typer.Option(help=t("结果 .csv", "Where the groups go (.csv)"))],
    form: FormatOption = Format.TEXT,
) -> None:
    began = time.monotonic()
    with progress() as step:
        step(t("读取", "Reading"), 0.05)
        table = read_texts(texts)
        rows = table.rows
        step(t("归并", "Merging"), 0.2)
        groups = merge(
            [normalize(row.text).text for row in rows],
            [row.place for row in rows],
            [row.label for row in rows],
            scorer(),
        )
    tell(texts.name, table.errors, table.warnings)
    write_csv(
        out, COLUMNS, [(row.id, rows[first].id) for row, first in zip(rows, groups, strict=True)]
    )
    figures = {
        "texts": len(rows),
        "rejected": len({(e.sheet, e.row) for e in table.errors}),
        "groups": len(set(groups)),
        "seconds": round(time.monotonic() - began, 3),
    }
    show(
        form,
        figures,
        t(
            f"{figures['texts']} 条 → {figures['groups']} 组 → {out}",
            f"{figures['texts']} texts → {figures['groups']} groups → {out}",
        ),
    )
