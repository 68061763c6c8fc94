"""`sanshe doctor`: what is installed, what is missing, and what to do about it."""

import importlib.metadata
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import typer

from sanshe.cli import postgres
from sanshe.cli.console import Format, FormatOption, show
from sanshe.cli.words import t
from sanshe.config import env

HELP = t("检查本机装了什么、缺什么、该怎么办。", "What is installed, what is missing, what to do.")
ROOT = Path(__file__).resolve().parents[3]
_LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `state`: ok, note (something optional is missing) or problem."""

    name: str
    state: str
    found: str
    advice: str = ""


def run(form: FormatOption = Format.TEXT) -> None:
    findings = [finding for look in LOOKS for finding in look()]
    problems = sum(f.state == "problem" for f in findings)
    marks = {"ok": "✓", "note": "·", "problem": "✗"}
    lines = []
    for f in findings:
        lines.append(f"{marks[f.state]} {f.name}: {f.found}")
        if f.advice:
            lines.append(f"    → {f.advice}")
    lines.append(
        t(f"需要处理：{problems} 项。", f"To mend: {problems}.")
        if problems
        else t("没有需要处理的问题。", "Nothing needs mending.")
    )
    show(form, {"problems": problems, "findings": [asdict(f) for f in findings]}, "\n".join(lines))
    raise typer.Exit(1 if problems else 0)


def _python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    inside = sys.prefix != sys.base_prefix
    yield Finding(
        "Python",
        "ok" if sys.version_info >= (3, 11) else "problem",
        f"{version} ({sys.executable})",
        "" if inside else t("建议通过 ./sanshe 运行。", "Better run through ./sanshe."),
    )


def _packages() -> Iterator[Finding]:
    lock = ROOT / "requirements.txt"
    if not lock.is_file():
        return
    missing = []
    count = 0
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, pinned, rest = line.partition("==")
        if not pinned or line.startswith((" ", "#")):
            continue
        version, _, marker = rest.rstrip(" \\").partition(" ; ")
        if marker:  # for another system or Python; pip has decided
            continue
        count += 1
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            have = ""
        if have != version.strip():
            missing.append(f"{name} {have or t('缺', 'missing')} ≠ {version.strip()}")
    advice = t("运行 ./sanshe demo 重新安装。", "Run ./sanshe demo to install again.")
    yield Finding(
        t("程序包", "Packages"),
        "problem" if missing else "ok",
        "、".join(missing[:5]) if missing else t(f"{count} 个，与锁定一致", f"{count}, as locked"),
        advice if missing else "",
    )


def _program(
    name: str, candidates: tuple[str, ...], advice: str, version: tuple[str, ...] = ("--version",)
) -> Finding:
    path = next((found for c in candidates if (found := shutil.which(c))), None)
    if path is None:
        return Finding(name, "note", t("没有", "none"), advice)
    try:
        asked = subprocess.run([path, *version], capture_output=True, text=True, timeout=20)
        said = (asked.stdout or asked.stderr).strip().splitlines()
    except (OSError, subprocess.TimeoutExpired):
        said = []
    return Finding(name, "ok", f"{said[0] if said else ''} ({path})".strip())


def _programs() -> Iterator[Finding]:
    yield _program(
        "Node",
        ("node",),
        t("不需要：安装时会从 PyPI 取 npm。", "Not needed: npm is then taken from PyPI."),
    )
    yield _program(
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        t("浏览器测试与截图需要：apt install chromium", "For browser tests: apt install chromium"),
    )
    yield _program(
        "LibreOffice",
        ("soffice", "libreoffice"),
        t(
            "检查 Word 文件的测试需要：apt install libreoffice-writer-nogui",
            "For tests of Word files: apt install libreoffice-writer-nogui",
        ),
    )
    programs = postgres.server_programs()
    if programs is None:
        advice = t(
            "第二个数据库的测试需要：apt install postgresql",
            "For tests on the second database: apt install postgresql",
        )
        yield Finding("PostgreSQL", "note", t("没有服务程序", "no server programs"), advice)
    else:
        version = postgres.version_of(programs)
        new = version >= postgres.OLDEST
        advice = "" if new else t(f"需要 {postgres.OLDEST} 以上", f"{postgres.OLDEST} is needed")
        yield Finding("PostgreSQL", "ok" if new else "note", f"{version} ({programs})", advice)


def _fonts() -> Iterator[Finding]:
    name = t("中文字体", "Chinese fonts")
    advice = t(
        "导出 PDF、截图时需要：apt install fonts-noto-cjk",
        "For PDF and screenshots: apt install fonts-noto-cjk",
    )
    if not (asker := shutil.which("fc-list")):
        yield Finding(name, "note", t("无法查询（缺 fc-list）", "unknown (no fc-list)"), advice)
        return
    asked = subprocess.run([asker, ":lang=zh", "family"], capture_output=True, text=True)
    families = sorted({line.split(",")[0] for line in asked.stdout.splitlines() if line})
    found = "、".join(families[:4]) or t("没有", "none")
    yield Finding(name, "ok" if families else "note", found, "" if families else advice)


def _home() -> Iterator[Finding]:
    home = env.home()
    name = t("数据文件夹", "Data folder")
    place = home
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        advice = t("用 SANSHE_HOME 指定可写的文件夹。", "Name a writable one with SANSHE_HOME.")
        yield Finding(name, "problem", t(f"{home} 不可写", f"{home} is not writable"), advice)
        return
    free = shutil.disk_usage(place).free // 2**20
    advice = t("请腾出磁盘空间。", "Make room on the disk.") if free < _LEAST_FREE_MB else ""
    yield Finding(
        name,
        "problem" if free < _LEAST_FREE_MB else "ok",
        t(f"{home}，可用 {free:,} MB", f"{home}, {free:,} MB free"),
        advice,
    )
    secrets = home / "secrets"
    if secrets.is_dir():
        loose = [p for p in (secrets, *secrets.iterdir()) if stat.S_IMODE(p.stat().st_mode) & 0o077]
        yield Finding(
            t("密钥", "Secrets"),
            "problem" if loose else "ok",
            t("他人可读", "readable by others") if loose else t("仅本人可读", "private"),
            f"chmod -R go= {secrets}" if loose else "",
        )


def _database() -> Iterator[Finding]:
    name = t("数据库", "Database")
    try:
        target = env.database()
    except ValueError as error:
        advice = "DATABASE_URL=postgres://user:password@host/name"
        yield Finding(name, "problem", str(error), advice)
        return
    if target.engine.endswith("sqlite3"):
        yield from _sqlite(name, Path(target.name))
        return
    try:
        with psycopg.connect(
            dbname=target.name,
            user=target.user or None,
            password=target.password or None,
            host=target.host or None,
            port=target.port or None,
            connect_timeout=5,
        ) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        advice = t("检查 DATABASE_URL 与数据库服务。", "Check DATABASE_URL and the server.")
        yield Finding(name, "problem", " ".join(str(error).split()), advice)
        return
    yield Finding(name, "ok", f"PostgreSQL {version}, {target.host}/{target.name}")


def _sqlite(name: str, path: Path) -> Iterator[Finding]:
    if not path.exists():
        advice = t("运行 ./sanshe demo 或 ./sanshe serve 建立。", "./sanshe demo makes it.")
        yield Finding(name, "note", t(f"还没有 {path}", f"no {path} yet"), advice)
        return
    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5) as connection:
            (said,) = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    advice = t("请从备份恢复。", "Restore it from a backup.") if said != "ok" else ""
    size = path.stat().st_size // 2**20
    found = f"SQLite {sqlite3.sqlite_version}, {path}, {size} MB, {said}"
    yield Finding(name, "ok" if said == "ok" else "problem", found, advice)


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _programs,
    _fonts,
    _home,
    _database,
)
