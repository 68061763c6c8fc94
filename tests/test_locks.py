"""Lock files: in step with what they were made from, and free of addresses."""

import json
import shutil
from pathlib import Path

import pytest

from sanshe.cli import locks

NAMES = ("pyproject.toml", "package.json", "package-lock.json", *locks.LOCKS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copy(locks.ROOT / name, tmp_path / name)
    return tmp_path


def test_the_lock_files_are_in_step() -> None:
    assert locks.problems() == []


def test_a_new_dependency_is_noticed(root: Path) -> None:
    project = root / "pyproject.toml"
    text = project.read_text("utf-8")
    project.write_text(text.replace("dependencies = [", 'dependencies = [\n    "leftpad",', 1))
    found = "\n".join(locks.problems(root))
    assert "requirements.txt does not pin leftpad" in found
    assert "requirements-dev.txt does not pin leftpad" in found


def test_a_changed_bound_is_noticed(root: Path) -> None:
    project = root / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace("Django>=5.2", "Django>=5.1"))
    assert "requirements.txt was made from other dependencies" in "\n".join(locks.problems(root))


def test_addresses_and_missing_hashes_are_noticed(root: Path) -> None:
    lock = root / "package-lock.json"
    told = json.loads(lock.read_text("utf-8"))
    name = next(name for name in told["packages"] if name)
    told["packages"][name]["resolved"] = "https://example.org/x.tgz"
    del told["packages"][name]["integrity"]
    lock.write_text(json.dumps(told))
    (root / "requirements.txt").write_text("--index-url https://example.org\n")
    found = "\n".join(locks.problems(root))
    assert f"holds an address ({name})" in found
    assert f"holds no hash of {name}" in found
    assert "requirements.txt holds an address" in found


def test_node_packages_are_compared_with_their_list(root: Path) -> None:
    package = root / "package.json"
    told = json.loads(package.read_text("utf-8"))
    told["dependencies"]["leftpad"] = "1.0.0"
    package.write_text(json.dumps(told))
    assert "made from another package.json" in "\n".join(locks.problems(root))
