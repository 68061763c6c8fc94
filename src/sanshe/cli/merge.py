"""`sanshe merge`: texts in, groups of the same need out."""

import time
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, progress, show
from sanshe.cli.models import model_for, scorer
from sanshe.cli.rows import tell
from sanshe.cli.words import t
from sanshe.engine.classify import NONE
from sanshe.engine.merge import merge
from sanshe.engine.normalize import normalize
from sanshe.office.texts import read_texts
from sanshe.office.write import write_csv

COLUMNS = ("id", "group")
#: Beyond this many texts without a label, classifying them costs more time than it saves errors.
CLASSIFIED = 20_000


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
        labels = _labels(words, [row.label for row in rows])
        step(t("归并", "Merging"), 0.4)
        groups = merge(words, [row.place for row in rows], labels, scorer())
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


def _labels(texts: list[str], given: list[str]) -> list[str]:
    """The given labels, and where there is none the classifier's likeliest."""
    bare = [index for index, label in enumerate(given) if not label]
    if not bare or len(bare) > CLASSIFIED:
        return given
    labels = list(given)
    for index, verdict in zip(
        bare, model_for(None).classify([texts[i] for i in bare]), strict=True
    ):
        codes = [code for code, _chance in verdict.alternatives if code != NONE]
        labels[index] = codes[0] if codes else ""
    return labels
