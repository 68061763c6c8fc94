"""The lock files: made from pyproject.toml by uv, and checked against it without a network.

Each lock file's first lines name the command that makes it and carry a fingerprint of the
dependencies it was made from. `sanshe check` compares the fingerprint; `python -m
sanshe.cli.locks` makes the files again with uv (add `--upgrade` for newer versions).
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: Lock file → the extras of pyproject.toml it holds beside (or, for setup, instead of) the rest.
LOCKS = {
    "requirements.txt": (True, ()),
    "requirements-dev.txt": (True, ("dev",)),
    "requirements-setup.txt": (False, ("setup",)),
}
_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
_FINGERPRINT = re.compile(r"^# fingerprint: ([0-9a-f]{64})$", re.MULTILINE)


def problems(root: Path = ROOT) -> list[str]:
    """What is out of step, one sentence each; empty when all is well."""
    found: list[str] = []
    for name in LOCKS:
        path = root / name
        if not path.is_file():
            found.append(f"{name} is missing: run `python -m sanshe.cli.locks`")
            continue
        text = path.read_text(encoding="utf-8")
        pinned = set(_PINNED.findall(text))
        wanted = dependencies(name, root)
        missing = sorted({_normal(line) for line in wanted} - pinned)
        if missing:
            found.append(f"{name} does not pin {', '.join(missing)}")
        written = _FINGERPRINT.search(text)
        if written is None or written[1] != fingerprint(wanted):
            found.append(f"{name} was made from other dependencies than pyproject.toml names now")
        if re.search(r"https?://", text):
            found.append(f"{name} holds an address")
        if "--hash=sha256:" not in text:
            found.append(f"{name} holds no hashes")
    return found + _node_problems(root)


def _node_problems(root: Path) -> list[str]:
    package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    found = []
    kinds = ("dependencies", "devDependencies")
    top = lock["packages"][""]
    if any(package.get(kind, {}) != top.get(kind, {}) for kind in kinds):
        found.append("package-lock.json was made from another package.json")
    for name, entry in lock["packages"].items():
        if "resolved" in entry:
            found.append(f"package-lock.json holds an address ({name})")
        if name and "integrity" not in entry:
            found.append(f"package-lock.json holds no hash of {name}")
    return found


def dependencies(name: str, root: Path = ROOT) -> list[str]:
    """The requirements a lock file is made from, as pyproject.toml writes them."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own, extras = LOCKS[name]
    lines: list[str] = list(project["dependencies"]) if own else []
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return sorted(lines)


def fingerprint(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def compile_locks(*options: str, root: Path = ROOT) -> None:
    """Make every lock file again with uv; versions already pinned stay unless `--upgrade`."""
    for name in LOCKS:
        wanted = dependencies(name, root)
        command = ["uv", "pip", "compile", "-", "-o", name, "--quiet", "--universal"]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"]
        command += ["--python-version", "3.11", *options]
        if name != "requirements.txt":
            command += ["--constraints", "requirements.txt"]
        subprocess.run(command, cwd=root, input="\n".join(wanted), text=True, check=True)
        path = root / name
        head = f"# Made by `python -m sanshe.cli.locks`.\n# fingerprint: {fingerprint(wanted)}\n"
        path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")


def _normal(requirement: str) -> str:
    found = _NAME.match(requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def main(arguments: list[str]) -> int:
    if arguments == ["check"]:
        found = problems()
        print("\n".join(found) or "in step")
        return int(bool(found))
    compile_locks(*arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
