"""`sanshe merge`: texts in, groups of the same need out."""

import time
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, progress, show
from sanshe.cli.models import model_for, scorer
from sanshe.cli.rows import tell
from sanshe.cli.words import t
from sanshe.engine.merge import merge
from sanshe.engine.merge.grouping import Belief
from sanshe.engine.normalize import normalize
from sanshe.office.texts import read_texts
from sanshe.office.write import write_csv

COLUMNS = ("id", "group")
#: More texts without a label than this are guessed by their characters alone.
CLASSIFIED = 15_000
_BATCH = 2_000


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
        words = [normalize(row.text).text for row in rows]
        step(t("分类", "Classifying"), 0.1)
        beliefs = _beliefs(words, [row.label for row in rows])
        step(t("归并", "Merging"), 0.4)
        groups = merge(words, [row.place for row in rows], beliefs, scorer())
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


def _beliefs(texts: list[str], given: list[str]) -> list[Belief]:
    """The given labels, and where there is none what the classifier thinks possible."""
    bare = [index for index, label in enumerate(given) if not label]
    beliefs: list[Belief] = [{label: 1.0} if label else {} for label in given]
    if not bare:
        return beliefs
    model = model_for(None)
    for first in range(0, len(bare), _BATCH):
        part = bare[first : first + _BATCH]
        said = [texts[index] for index in part]
        found = (
            [verdict.belief for verdict in model.classify(said)]
            if len(bare) <= CLASSIFIED
            else model.guess(said)
        )
        for index, belief in zip(part, found, strict=True):
            beliefs[index] = belief
    return beliefs
