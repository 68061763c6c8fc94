"""`sanshe plan`: field notes in; needs, matches, gaps and a proposal out. No database, no web."""

import json
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, progress, show
from sanshe.cli.drafting import draft_of
from sanshe.cli.matching import GAP_COLUMNS, MATCH_COLUMNS, Matched, run_match
from sanshe.cli.models import model_for, scorer
from sanshe.cli.planning import (
    NEED_COLUMNS,
    STATEMENT_COLUMNS,
    PlannedNeed,
    Voice,
    form_needs,
    need_rows,
    statement_rows,
)
from sanshe.cli.rows import ERROR_COLUMNS, error_rows, leaf_words, offer_row, tell
from sanshe.cli.words import t
from sanshe.engine.gazetteer import Gazetteer
from sanshe.engine.normalize import normalize
from sanshe.office.errors import refusal
from sanshe.office.offers import OfferTable, read_offers
from sanshe.office.places import load_gazetteer
from sanshe.office.statements import StatementTable, read_statements
from sanshe.office.word import render_proposal
from sanshe.office.write import write_csv, write_text
from sanshe.taxonomy.tree import Tree, load_tree

HELP = t(
    "由走访记录生成：诉求、问题行、需求、匹配、缺口、项目方案（Word）和报告。",
    "From field notes: statements, bad rows, needs, matches, gaps, a proposal (Word), a report.",
)


def run(
    statements: Annotated[
        Path, typer.Argument(help=t("走访记录（表格文件）", "Field notes (a table file)"))
    ],
    out: Annotated[Path, typer.Option(help=t("输出文件夹", "Folder for the results"))],
    offers: Annotated[Path | None, typer.Option(help=t("服务资源表", "Table of offers"))] = None,
    community: Annotated[
        str | None,
        typer.Option(help=t("没有写社区的行属于它", "Community of rows that name none")),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help=t("learn 生成的模型", "A model made by learn"))
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1950, max=2100, help=t("没有写年份的日期属于它", "Year of bare dates")),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    began = time.monotonic()
    if out.exists() and not out.is_dir():
        raise Problem(
            "not_a_folder",
            f"“{out}”是一个文件；--out 请指定文件夹。",
            f"“{out}” is a file; --out names a folder.",
        )
    tree, gazetteer = load_tree(), load_gazetteer()
    with progress() as step:
        step(t("读取", "Reading"), 0.05)
        table = read_statements(statements, gazetteer=gazetteer, community=community, year=year)
        offer_table = _read_offers(offers, tree, gazetteer, year)
        offer_rows = offer_table.rows if offer_table else []
        step(t("载入模型", "Loading the model"), 0.2)
        classifier = model_for(model)
        step(t("分类", "Classifying"), 0.3)
        rows = [replace(row, text=normalize(row.text).text) for row in table.rows]
        verdicts = classifier.classify([row.text for row in rows])
        voices = [Voice(row, verdict) for row, verdict in zip(rows, verdicts, strict=True)]
        step(t("归并与排序", "Merging and ranking"), 0.6)
        needs = form_needs(voices, tree, scorer())
        step(t("匹配", "Matching"), 0.75)
        matched = run_match(need_rows(needs), [offer_row(row) for row in offer_rows])
        step(t("起草方案", "Drafting"), 0.85)
        proposal = draft_of(voices, needs, matched, offer_rows, tree, gazetteer)
        report = _report(table, needs, matched, classifier.version)
        with _Folder(out) as folder:
            write_csv(folder / "statements.csv", STATEMENT_COLUMNS, statement_rows(voices, needs))
            write_csv(folder / "errors.csv", ERROR_COLUMNS, error_rows(table.errors))
            write_csv(folder / "needs.csv", NEED_COLUMNS, [need.cells() for need in needs])
            write_csv(folder / "matches.csv", MATCH_COLUMNS, matched.match_rows())
            write_csv(folder / "gaps.csv", GAP_COLUMNS, matched.gap_rows())
            step(t("写 Word 文件", "Writing the Word file"), 0.9)
            render_proposal(proposal, folder / "proposal.docx")
            report["seconds"] = round(time.monotonic() - began, 3)
            body = json.dumps(report, ensure_ascii=False, indent=2)
            write_text(folder / "report.json", body + "\n")
    tell(statements.name, [], table.warnings)
    if offers is not None and offer_table is not None:
        tell(offers.name, offer_table.errors, offer_table.warnings)
    show(form, report, _summary(report, out))


def _read_offers(
    path: Path | None, tree: Tree, gazetteer: Gazetteer, year: int | None
) -> OfferTable | None:
    if path is None:
        return None
    return read_offers(path, leaves=leaf_words(tree), gazetteer=gazetteer, year=year)


def _report(
    table: StatementTable, needs: Sequence[PlannedNeed], matched: Matched, version: str
) -> dict[str, object]:
    rejected = len({(error.sheet, error.row) for error in table.errors})
    return {
        "statements": len(table.rows) + rejected,
        "imported": len(table.rows),
        "rejected": rejected,
        **matched.figures(),
        "seconds": 0.0,
        "model_version": version,
    }


def _summary(report: dict[str, object], out: Path) -> str:
    words = t(
        "{statements} 条诉求 → 导入 {imported}，退回 {rejected} → 需求 {needs} → 匹配 {matched}，"
        "缺口 {unmatched}（总匹配度 {objective}，差距 {gap}）\n"
        "项目方案：{proposal}（{seconds} 秒）",
        "{statements} statements → {imported} imported, {rejected} rejected → {needs} needs → "
        "{matched} matched, {unmatched} gaps (total fit {objective}, gap {gap})\n"
        "Proposal: {proposal} ({seconds} s)",
    )
    return words.format(**report, proposal=out / "proposal.docx")


class _Folder:
    """A folder that appears with all its files or with none of them.

    The files are written beside `target` and moved in at the end; other files there stay.
    """

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> Path:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self.part = self.target.with_name(f".{self.target.name[:80]}.{secrets.token_hex(6)}")
            self.part.mkdir()
        except OSError as error:
            raise refusal("cannot_write", str(self.target), detail=error.strerror or "?") from error
        return self.part

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.target.mkdir(exist_ok=True)
                for path in sorted(self.part.iterdir()):
                    path.replace(self.target / path.name)
        except OSError as error:
            raise refusal("cannot_write", str(self.target), detail=error.strerror or "?") from error
        finally:
            shutil.rmtree(self.part, ignore_errors=True)
