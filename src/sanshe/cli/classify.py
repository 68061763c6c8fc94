"""`sanshe classify`: texts in, need types with confidence and the words that decided out."""

import time
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, progress, show
from sanshe.cli.models import model_for
from sanshe.cli.rows import tell
from sanshe.cli.words import t
from sanshe.engine.classify import Verdict, classify_many
from sanshe.engine.normalize import normalize
from sanshe.office.texts import read_texts
from sanshe.office.write import write_csv

COLUMNS = ("id", "label", "confidence", "alternatives", "safety", "because")
_BATCH = 2000


def run(
    texts: Annotated[Path, typer.Argument(help=t("文本表（id,text）", "Table of texts (id,text)"))],
    out: Annotated[Path, typer.Option(help=t("结果 .csv", "Where the labels go (.csv)"))],
    model: Annotated[
        Path | None, typer.Option(help=t("learn 生成的模型", "A model made by learn"))
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    began = time.monotonic()
    with progress() as step:
        step(t("读取", "Reading"), 0.05)
        table = read_texts(texts)
        step(t("载入模型", "Loading the model"), 0.1)
        classifier = model_for(model)
        verdicts: list[Verdict] = []
        said = [normalize(row.text).text for row in table.rows]
        step(t("分类", "Classifying"), 0.15)
        for chunk in classify_many(classifier, said, _BATCH):
            verdicts += chunk
            step(t("分类", "Classifying"), 0.15 + 0.85 * len(verdicts) / len(said))
    tell(texts.name, table.errors, table.warnings)
    lines = [(row.id, *cells(verdict)) for row, verdict in zip(table.rows, verdicts, strict=True)]
    write_csv(out, COLUMNS, lines)
    figures = {
        "texts": len(table.rows),
        "rejected": len({(e.sheet, e.row) for e in table.errors}),
        "labelled": sum(verdict.label is not None for verdict in verdicts),
        "abstained": sum(verdict.label is None for verdict in verdicts),
        "safety": sum(verdict.safety for verdict in verdicts),
        "model_version": classifier.version,
        "seconds": round(time.monotonic() - began, 3),
    }
    show(
        form,
        figures,
        t(
            f"{figures['texts']} 条：已分类 {figures['labelled']}，待分类 {figures['abstained']}，"
            f"人身安全 {figures['safety']} → {out}",
            f"{figures['texts']} texts: {figures['labelled']} labelled, {figures['abstained']} "
            f"left open, {figures['safety']} about safety → {out}",
        ),
    )


def cells(verdict: Verdict) -> tuple[object, ...]:
    """label, confidence, alternatives, safety, because as the contract writes them."""
    return (
        verdict.label or "",
        f"{verdict.confidence:.4f}",
        "|".join(f"{label}:{confidence:.4f}" for label, confidence in verdict.alternatives[:3]),
        int(verdict.safety),
        "|".join(word.replace("|", " ") for word in verdict.because),
    )
