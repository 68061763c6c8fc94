"""`sanshe demo`: the sample city, the sample study, one screen of results, then the site."""

import hashlib
import importlib
import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from sanshe.cli.console import Format, FormatOption, Problem, progress, show
from sanshe.cli.ports import require_free
from sanshe.cli.words import t
from sanshe.config import env

HELP = t(
    "准备示例城市石狮与花园城社区示例调研，打印一屏结果，然后在本机打开网站。没有变化的不会重算。",
    "Prepare the sample city and the sample study of 花园城社区, print one screen of results, then "
    "open the site on this machine. What has not changed is not computed again.",
)
ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "huayuancheng"
_PACKAGE = ROOT / "src" / "sanshe"
_COUNTED = {".py", ".csv", ".html", ".docx", ".xlsx"}


def run(
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help=t("不打开网站", "Stop before the site"))
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help=t("端口", "Port"))] = 8000,
    form: FormatOption = Format.TEXT,
) -> None:
    began = time.monotonic()
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod"):
        raise Problem(
            "production",
            "示例账号的密码是公开的，不能用于正式环境；请取消 DJANGO_SETTINGS_MODULE。",
            "Sample accounts have a known password and never run in production; unset "
            "DJANGO_SETTINGS_MODULE.",
        )
    for name in ("statements.xlsx", "offers.xlsx"):
        if not (EXAMPLE / name).is_file():
            raise Problem(
                "no_example",
                f"缺少示例文件 {EXAMPLE / name}，请重新获取完整的代码。",
                f"The sample file {EXAMPLE / name} is missing; get the whole repository again.",
            )
    if not no_serve:
        require_free("127.0.0.1", port)
    kept, key = env.home() / "demo" / "result.json", _fingerprint()
    told = _remembered(kept, key)
    unchanged = told is not None
    if told is None:
        told = _compute(kept, key)
    told |= {"seconds": round(time.monotonic() - began, 2), "unchanged": unchanged}
    if form is Format.TEXT or no_serve:
        show(form, told, _screen(told))
    if not no_serve:
        # Django is loaded only where it is needed: an unchanged result is printed at once.
        site = importlib.import_module("sanshe.cli.site")
        site.open_site()
        site.collect_static()
        importlib.import_module("sanshe.cli.serve").serve("127.0.0.1", port, 1, form)


def _compute(kept: Path, key: str) -> dict[str, Any]:
    site = importlib.import_module("sanshe.cli.site")
    with progress(lines=True) as step:
        step(t("数据库", "Database"), 0.02)
        site.open_site()
        site.prepare_database()
        sample = importlib.import_module("sanshe.cli.sample")
        word = kept.parent / "花园城社区项目方案.docx"
        told: dict[str, Any] = sample.build(EXAMPLE, word, step)
    partial = kept.with_suffix(".part")
    partial.write_text(json.dumps({"key": key, "told": told}, ensure_ascii=False), "utf-8")
    partial.replace(kept)
    return told


def _remembered(kept: Path, key: str) -> dict[str, Any] | None:
    """What was printed last time, if it was computed from the very same files and code."""
    try:
        read = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    told = read.get("told")
    if read.get("key") != key or not isinstance(told, dict):
        return None
    there = Path(str(told.get("proposal"))).is_file() and _study_is_there(str(told.get("study")))
    return told if there else None


def _study_is_there(address: str) -> bool:
    """Whether the study of the last result is still in the database.

    Asked without Django; of a server's database it is taken for granted.
    """
    target = env.database()
    if not target.engine.endswith("sqlite3"):
        return True
    uri = f"{Path(target.name).absolute().as_uri()}?mode=ro"
    key = address.strip("/").rpartition("/")[2]
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
            found = connection.execute("SELECT 1 FROM needs_study WHERE id = ?", (key,))
            return found.fetchone() is not None
    except sqlite3.Error:
        return False


def _fingerprint() -> str:
    """A hash of the sample files, the code, the training data and the database's address."""
    digest = hashlib.sha256(repr(env.database()).encode())
    files = [path for path in sorted(_PACKAGE.rglob("*")) if path.suffix in _COUNTED]
    for path in [*files, *sorted(EXAMPLE.glob("*.xlsx")), ROOT / "requirements.txt"]:
        if "tests" not in path.parts and path.is_file():
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _screen(told: dict[str, Any]) -> str:
    password = told["password"]
    lines = [
        t("花园城社区需求调研（示例数据）", "The sample study of 花园城社区 (sample data)"),
        t(
            "  诉求 {statements} 条（另有 {rejected} 行写错，已逐行列出）",
            "  {statements} statements ({rejected} bad rows, each of them named)",
        ).format(**told),
        t(
            "  → 需求 {needs} 项（其中人身安全 {safety} 项，已转给人处理，不写进方案）",
            "  → {needs} needs ({safety} about somebody's safety: to people at once, not drafted)",
        ).format(**told),
        t(
            "  → 匹配 {matched} 项，总匹配度 {objective:.2f}，与上界的差距 {gap:.2%}",
            "  → {matched} matched, total fit {objective:.2f}, {gap:.2%} below the bound",
        ).format(**told),
        t("  → 缺口 {gaps} 项", "  → {gaps} gaps").format(**told),
        t("  → 项目方案 {proposal}", "  → proposal {proposal}").format(**told),
        "",
        t(f"登录名（密码都是 {password}）：", f"Sign-in names (password {password}):"),
        *(f"  {account}" for account in told["accounts"]),
        t(
            "  sys、sec、aud 还需要动态码：./sanshe manage sample_code sys",
            "  sys, sec and aud need a code as well: ./sanshe manage sample_code sys",
        ),
        "",
    ]
    if told["unchanged"]:
        lines.append(
            t(
                "文件、模型与代码都没有变化，结果没有重新计算（{seconds} 秒）。",
                "Files, model and code have not changed: nothing was computed again ({seconds} s).",
            ).format(**told)
        )
    else:
        lines.append(t("用时 {seconds} 秒。", "Took {seconds} s.").format(**told))
    return "\n".join(lines)
