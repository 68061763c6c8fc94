"""`sanshe match`: needs and offers in, an assignment with reasons out."""

import json
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, progress, show
from sanshe.cli.matching import GAP_COLUMNS, MATCH_COLUMNS, run_match
from sanshe.cli.rows import leaf_words, need_row, offer_row, tell
from sanshe.cli.words import t
from sanshe.office.needs import read_needs
from sanshe.office.offers import read_offers
from sanshe.office.places import load_gazetteer
from sanshe.office.write import write_csv, write_text
from sanshe.taxonomy.tree import load_tree


class Objective(StrEnum):
    """Bands strictly first, or the sum of fit × weight of the band."""

    LEXICOGRAPHIC = "lexicographic"
    WEIGHTED = "weighted"


def run(
    needs: Annotated[Path, typer.Argument(help=t("需求表", "Table of needs"))],
    offers: Annotated[Path, typer.Argument(help=t("服务资源表", "Table of offers"))],
    out: Annotated[Path, typer.Option(help=t("匹配结果 .csv", "Where the matches go (.csv)"))],
    report: Annotated[
        Path | None, typer.Option(help=t("报告 .json", "Where the report goes (.json)"))
    ] = None,
    objective: Annotated[
        Objective, typer.Option(help=t("目标函数", "What is maximised"))
    ] = Objective.LEXICOGRAPHIC,
    form: FormatOption = Format.TEXT,
) -> None:
    began = time.monotonic()
    if report is not None and report.resolve() == out.resolve():
        raise Problem(
            "same_file",
            "--out 与 --report 不能是同一个文件。",
            "--out and --report cannot be the same file.",
        )
    with progress() as step:
        step(t("读取", "Reading"), 0.1)
        words, gazetteer = leaf_words(load_tree()), load_gazetteer()
        need_table = read_needs(needs, leaves=words, gazetteer=gazetteer)
        offer_table = read_offers(offers, leaves=words, gazetteer=gazetteer)
        step(t("匹配", "Matching"), 0.5)
        matched = run_match(
            [need_row(row) for row in need_table.rows],
            [offer_row(row) for row in offer_table.rows],
            objective.value,
        )
    tell(needs.name, need_table.errors, need_table.warnings)
    tell(offers.name, offer_table.errors, offer_table.warnings)
    figures = {
        **matched.figures(),
        "offers": len(offer_table.rows),
        "rejected_needs": len({(e.sheet, e.row) for e in need_table.errors}),
        "rejected_offers": len({(e.sheet, e.row) for e in offer_table.errors}),
        "seconds": round(time.monotonic() - began, 3),
    }
    write_csv(out, MATCH_COLUMNS, matched.match_rows())
    if report is not None:
        gaps = [dict(zip(GAP_COLUMNS, row, strict=True)) for row in matched.gap_rows()]
        body = {**figures, "objective_kind": objective.value, "gaps": gaps}
        write_text(report, json.dumps(body, ensure_ascii=False, indent=2) + "\n")
    show(
        form,
        figures,
        t(
            f"{figures['needs']} 项需求，{figures['offers']} 项资源：匹配 {figures['matched']}，"
            f"未匹配 {figures['unmatched']}；总匹配度 {figures['objective']}，上界 "
            f"{figures['upper_bound']}，差距 {matched.result.gap:.4%} → {out}",
            f"{figures['needs']} needs, {figures['offers']} offers: {figures['matched']} matched, "
            f"{figures['unmatched']} not; total fit {figures['objective']}, bound "
            f"{figures['upper_bound']}, gap {matched.result.gap:.4%} → {out}",
        ),
    )
