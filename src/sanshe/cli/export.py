"""`sanshe export`: tables out of the database, for whoever runs the installation."""

import importlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, show
from sanshe.cli.site import open_site
from sanshe.cli.words import t

HELP = t(
    "从数据库导出为 .xlsx 或 .csv。个人信息保持遮盖；涉及人身安全的诉求与需求不导出；"
    "每次导出都记入日志。",
    "Export from the database to .xlsx or .csv. Personal data stays masked; statements and needs "
    "about somebody's safety are left out. Every export is logged.",
)


class What(StrEnum):
    """Which table to export."""

    NEEDS = "needs"
    STATEMENTS = "statements"
    PROPOSALS = "proposals"
    DIVISIONS = "divisions"
    AUDIT = "audit"


def run(
    what: Annotated[What, typer.Argument(help=t("导出什么", "What to export"))],
    out: Annotated[Path, typer.Option(help=t("文件 .xlsx 或 .csv", "File, .xlsx or .csv"))],
    form: FormatOption = Format.TEXT,
) -> None:
    if out.suffix.lower() not in {".xlsx", ".csv"}:
        raise Problem(
            "kind_of_file",
            f"“{out.name}”：请写 .xlsx 或 .csv 文件名。",
            f"“{out.name}”: name a .xlsx or .csv file.",
        )
    open_site()
    # Tables can only be loaded once the site is open.
    rows = importlib.import_module("sanshe.cli.exports").export(what.value, out)
    figures = {"what": what.value, "rows": rows, "file": str(out)}
    show(form, figures, t(f"已导出 {rows} 行 → {out}", f"{rows} rows → {out}"))
