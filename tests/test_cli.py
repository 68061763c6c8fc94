"""The command line as a whole: help, usage, exit codes, one line for every problem."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli import sanshe, write
from sanshe.cli import COMMANDS

ON_FILES = ("plan", "classify", "learn", "merge", "match")


def test_help_lists_every_command() -> None:
    done = sanshe("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "manage"])
def test_every_command_explains_itself_and_offers_json(name: str) -> None:
    done = sanshe(name, "--help", COLUMNS="120")
    assert done.returncode == 0
    assert "--format" in done.stdout


def test_an_unknown_command_is_wrong_usage() -> None:
    done = sanshe("plam")
    assert done.returncode == 2
    assert "plan" in done.stderr
    assert done.stdout == ""


def test_a_missing_argument_is_wrong_usage() -> None:
    assert sanshe("match", "needs.csv").returncode == 2


def test_the_version_is_told() -> None:
    assert sanshe("--version").stdout.startswith("sanshe ")


def test_commands_on_files_do_not_load_django() -> None:
    program = (
        "import importlib, sys\n"
        f"for name in {ON_FILES}: importlib.import_module('sanshe.cli.' + name)\n"
        "print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_help_loads_no_command(tmp_path: Path) -> None:
    program = (
        "import sys; from sanshe.cli import _run; _run(['--help']);"
        "print([m for m in ('numpy', 'django', 'sanshe.cli.plan') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True)
    assert done.stdout.strip().endswith("[]"), done.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["classify", "merge", "learn"])
def test_a_file_that_is_not_there_is_one_line_and_exit_1(
    name: str, language: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = sanshe(name, tmp_path / "none.csv", "--out", out, SANSHE_LANG=language)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "none.csv" in done.stderr
    assert ("does not exist" in done.stderr) == (language == "en")
    assert not out.exists()


def test_json_is_promised_for_problems_too(tmp_path: Path) -> None:
    none = tmp_path / "none.csv"
    done = sanshe("merge", none, "--out", tmp_path / "x", "--format", "json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["error"] == "missing"
    assert "none.csv" in told["message"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    needs = write(tmp_path / "n.csv", ["id", "leaf_codes", "community_code"], [])
    write(needs, ["id", "leaf_codes", "community_code"], ["1", "ELD03", "350581001006"])
    offers = write(tmp_path / "o.csv", ["id", "title", "leaf_codes", "capacity"],
                   ["1", "助餐", "ELD03", 5])  # fmt: skip
    blocker = write(tmp_path / "file", ["x"])
    done = sanshe("match", needs, offers, "--out", blocker / "m.csv")
    assert done.returncode == 1
    assert len([line for line in done.stderr.splitlines() if line.startswith("sanshe:")]) == 1


def test_a_port_that_is_taken_is_named_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = sanshe("serve", "--port", port, SANSHE_HOME=str(tmp_path / "home"))
    assert done.returncode == 1
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_reader_that_stops_reading_is_no_problem() -> None:
    program = f"{sys.executable} -P -m sanshe.cli --help | true"
    done = subprocess.run(["sh", "-c", program], capture_output=True, text=True)
    assert done.stderr == ""


def test_export_wants_a_table_file(tmp_path: Path) -> None:
    done = sanshe("export", "needs", "--out", tmp_path / "needs.pdf")
    assert done.returncode == 1
    assert ".xlsx" in done.stderr


def test_export_from_an_empty_installation_says_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = sanshe("export", "needs", "--out", tmp_path / "n.csv", SANSHE_HOME=str(home),
                  DATABASE_URL="")  # fmt: skip
    assert done.returncode == 1
    assert "sanshe demo" in done.stderr
    assert not (tmp_path / "n.csv").exists()


def test_doctor_names_a_database_it_cannot_reach(tmp_path: Path) -> None:
    done = sanshe("doctor", "--format", "json", SANSHE_HOME=str(tmp_path),
                  DATABASE_URL="postgres://nobody@/none?host=/nowhere")  # fmt: skip
    findings = {f["name"]: f for f in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert findings["数据库"]["state"] == "problem"
    assert findings["Python"]["state"] == "ok"
