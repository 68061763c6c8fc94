"""The start script: what can be said of it without installing anything."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sanshe import bootstrap

ROOT = Path(__file__).resolve().parents[1]


def test_without_a_python_one_is_told_what_to_install(tmp_path: Path) -> None:
    place = tmp_path / "a place with spaces"
    tools = tmp_path / "bin"
    place.mkdir()
    tools.mkdir()
    shutil.copy2(ROOT / "sanshe", place / "sanshe")
    for tool in ("readlink", "dirname"):
        found = shutil.which(tool)
        assert found is not None
        (tools / tool).symlink_to(found)
    done = subprocess.run(
        [str(place / "sanshe"), "demo"], env={"PATH": str(tools)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "3.11" in done.stderr


def test_an_old_python_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    shutil.copy2(ROOT / "sanshe", tmp_path / "place" / "sanshe")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("readlink", "dirname"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    old, new = tools / "python3", tools / "python3.12"
    old.write_text("#!/bin/sh\nexit 1\n")
    new.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "new $*"\n')
    for program in (old, new):
        program.chmod(0o755)
    done = subprocess.run(
        [str(tmp_path / "place" / "sanshe"), "doctor", "a b"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("new ")
    assert done.stdout.rstrip().endswith("bootstrap.py doctor a b")


def test_one_package_is_taken_out_of_a_lock_file_with_its_hashes() -> None:
    with bootstrap._part_of(ROOT / "requirements-setup.txt", "uv") as part:
        lines = part.read_text("utf-8").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.startswith("    --hash=sha256:") for line in lines[1:])


def test_a_mirror_set_for_pip_is_handed_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "mirror.invalid/simple")
    assert bootstrap._uv_settings()["UV_DEFAULT_INDEX"] == "mirror.invalid/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "own.invalid")
    assert "UV_DEFAULT_INDEX" not in bootstrap._uv_settings()


def test_no_cache_is_used_where_none_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", "/proc/nowhere")
    assert bootstrap._uv_settings()["UV_NO_CACHE"] == "1"


def test_a_program_that_cannot_be_started_has_not_run() -> None:
    assert not bootstrap._runs(["/nowhere/at/all"])
