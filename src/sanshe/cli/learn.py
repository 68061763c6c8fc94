"""`sanshe learn`: a table of labelled texts in, a model file out."""

import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, progress, show
from sanshe.cli.rows import tell
from sanshe.cli.words import t
from sanshe.engine.classify import Row, pack
from sanshe.engine.learn import learn
from sanshe.engine.normalize import normalize
from sanshe.office.texts import read_labelled
from sanshe.office.write import whole


def run(
    labelled: Annotated[
        Path, typer.Argument(help=t("标注表（text,label）", "Labelled table (text,label)"))
    ],
    out: Annotated[Path, typer.Option(help=t("模型文件", "Where the model goes"))],
    seed: Annotated[int, typer.Option(help=t("随机种子", "Seed"))] = 0,
    form: FormatOption = Format.TEXT,
) -> None:
    began = time.monotonic()
    with progress() as step:
        step(t("读取", "Reading"), 0.05)
        table = read_labelled(labelled)
        rows = [Row(normalize(row.text).text, row.label) for row in table.rows]
        labels = Counter(row.label for row in rows)
        if len(labels) < 2:
            raise Problem(
                "too_few_labels",
                f"“{labelled.name}”里只有 {len(labels)} 个类别，至少需要两个类别才能训练。",
                f"“{labelled.name}” holds {len(labels)} label(s); at least two are needed.",
            )
        if sum(count > 1 for count in labels.values()) < 2:
            raise Problem(
                "too_few_texts",
                f"“{labelled.name}”里至少要有两个类别各有 2 条以上，才能训练并自测。",
                f"“{labelled.name}” needs two labels with at least two texts each, so that what "
                "is learned can be tested.",
            )
        step(t("训练", "Training"), 0.2)
        model = learn(rows, seed=seed)
        content = pack(model)
    tell(labelled.name, table.errors, table.warnings)
    whole(out, lambda temporary: temporary.write_bytes(content))
    figures = {
        "texts": len(rows),
        "rejected": len({(e.sheet, e.row) for e in table.errors}),
        "labels": len(labels),
        "scores": {name: round(float(score), 4) for name, score in model.scores.items()},
        "model_version": model.version,
        "bytes": len(content),
        "seconds": round(time.monotonic() - began, 3),
    }
    scores = " ".join(f"{name}={float(score):.3f}" for name, score in model.scores.items())
    show(
        form,
        figures,
        t(
            f"{len(rows)} 条、{len(labels)} 类 → {out}（{model.version}；自测 {scores}）",
            f"{len(rows)} texts, {len(labels)} labels → {out} ({model.version}; scores {scores})",
        ),
    )
