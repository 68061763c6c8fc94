"""A PostgreSQL server of our own for one test run: private socket, temporary data, no network."""

import getpass
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sanshe.cli.console import Problem

#: The oldest server the product runs on.
OLDEST = 15
_VERSION = re.compile(r"(\d+)(?:\.\d+|beta|rc|devel)")


def server_programs() -> Path | None:
    """The folder with initdb and pg_ctl of the newest PostgreSQL on this machine."""
    folders = []
    if config := shutil.which("pg_config"):
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True)
        folders.append(Path(asked.stdout.strip()))
    debian = Path("/usr/lib/postgresql")
    folders += sorted(debian.glob("*/bin"), key=lambda p: _number(p.parent.name), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


def version_of(programs: Path) -> int:
    """The major version of the server, 0 where it does not say."""
    asked = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True
    )
    found = _VERSION.search(asked.stdout)
    return int(found[1]) if found else 0


@contextmanager
def temporary_server(programs: Path) -> Iterator[str]:
    """Start a server, hand out its DATABASE_URL, and leave nothing behind.

    Raises:
        Problem: the server does not start; the message ends with its own last words.
    """
    # /tmp, because the path of a socket may not be longer than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="sanshe-pg-", dir="/tmp"))
    data, log = folder / "data", folder / "log"
    owner = _owner()
    if owner:
        shutil.chown(folder, owner)
    try:
        initdb = ["initdb", "-D", str(data), "-U", "sanshe", "-A", "trust", "-E", "UTF8"]
        _run(programs, owner, [*initdb, "--locale=C", "--no-sync"], log=None)
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {quick}"
        start = [
            "pg_ctl",
            "-D",
            str(data),
            "-l",
            str(log),
            "-w",
            "-t",
            "60",
            "-o",
            options,
            "start",
        ]
        _run(programs, owner, start, log=log)
        try:
            yield f"postgres://sanshe@/sanshe?host={folder}"
        finally:
            _run(programs, owner, ["pg_ctl", "-D", str(data), "-m", "immediate", "stop"], log=log)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise Problem(
            "no_postgres_user",
            "以 root 运行时需要系统用户 postgres 来启动测试数据库，但没有这个用户。",
            "Run as root, the test database needs the system user postgres, and there is none.",
        ) from error


def _run(programs: Path, owner: str | None, command: list[str], *, log: Path | None) -> None:
    try:
        subprocess.run(
            [str(programs / command[0]), *command[1:]],
            check=True,
            user=owner,
            group=pwd.getpwnam(owner).pw_gid if owner else None,
            extra_groups=[] if owner else None,
            cwd="/",
            env=os.environ | {"LC_ALL": "C", "HOME": "/"},
            stdin=subprocess.DEVNULL,
            # A file, not a pipe: the server inherits it and a pipe would never end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        words = log.read_text(errors="replace").splitlines()[-1:] if log and log.exists() else []
        said = words[0] if words else str(error)
        name = owner or getpass.getuser()
        raise Problem(
            "postgres_does_not_start",
            f"测试用 PostgreSQL 没有启动（{command[0]}，用户 {name}）：{said}",
            f"The test PostgreSQL did not start ({command[0]}, user {name}): {said}",
        ) from error


def _number(name: str) -> int:
    return int(name) if name.isdecimal() else 0
