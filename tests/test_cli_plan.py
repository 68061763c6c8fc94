"""`plan` by the contract: from field notes to a proposal, without a database."""

import json
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from cli import read, sanshe, write

HERE = "350581001006"
FILES = {"statements.csv", "errors.csv", "needs.csv", "matches.csv", "gaps.csv", "proposal.docx",
         "report.json"}  # fmt: skip
KEYS = ["statements", "imported", "rejected", "needs", "matched", "unmatched", "objective",
        "upper_bound", "gap", "seconds", "model_version"]  # fmt: skip
HEAD = ["反映内容", "受访对象", "社区", "走访日期", "方式"]
ROWS = (
    ["老人中午没人做饭，想要个社区食堂", "老人会", "花园城社区", "2026年3月5日", "访谈"],
    [
        "我妈一个人在家，午饭经常随便对付，有个食堂就好了",
        "普通居民",
        "花园城",
        "2026-03-06",
        "入户走访",
    ],
    ["放学到下班中间孩子没人带", "普通居民", HERE, "2026.3.7", "访谈"],
    ["联系我13805951234，楼下电动车把消防通道堵死了", "保安", "花园城社区", "3月8日", "访谈"],
    ["老公一喝酒就打我，我和孩子都怕", "普通居民", "花园城社区", "2026/3/9", "主动诉求"],
    ["没什么要说的，你们辛苦了", "环卫工人", "花园城社区", "2026-03-09", "访谈"],
    ["日期写错的一行", "普通居民", "花园城社区", "2026年2月30日", "访谈"],
    ["老人中午没人做饭，想要个社区食堂", "老人会", "花园城社区", "2026年3月5日", "访谈"],
)
OFFERS = (
    ["编号", "提供方", "服务名称", "对应需求", "可承接数量", "服务范围", "涉未成年人从业查询"],
    ["O1", "乐龄服务社", "社区助餐", "ELD03", 2, "湖滨街道", "否"],
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    notes = write(folder / "notes.csv", HEAD, *ROWS)
    offers = write(folder / "offers.csv", *OFFERS)
    done = sanshe("plan", notes, "--offers", offers, "--out", folder / "out", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((folder / "out/report.json").read_text("utf-8"))
    return folder / "out"


def test_every_file_is_there_and_nothing_else(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == FILES
    assert not list(out.parent.glob(".out.*"))


def test_the_report_adds_up(out: Path) -> None:
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert list(report) == KEYS
    assert (report["statements"], report["imported"], report["rejected"]) == (8, 6, 2)
    assert report["needs"] == len(read(out / "needs.csv"))
    assert report["matched"] == len(read(out / "matches.csv"))
    assert report["unmatched"] == len(read(out / "gaps.csv"))
    assert report["gap"] == 0


def test_every_statement_is_kept_with_its_row_and_date(out: Path) -> None:
    rows = read(out / "statements.csv")
    assert list(rows[0]) == ["id", "sheet", "row", "text", "informant", "community_code", "date",
                             "method", "label", "confidence", "safety", "need"]  # fmt: skip
    assert [row["date"] for row in rows[:4]] == ["2026-03-05", "2026-03-06", "2026-03-07",
                                                 "2026-03-08"]  # fmt: skip
    assert {row["community_code"] for row in rows} == {HERE}
    assert rows[3]["informant"] == "security"


def test_bad_rows_are_named_by_their_row_and_reason(out: Path) -> None:
    errors = read(out / "errors.csv")
    assert list(errors[0]) == ["sheet", "row", "column", "reason", "message"]
    assert [(e["row"], e["reason"]) for e in errors] == [("8", "bad_date"), ("9", "duplicate_row")]


def test_personal_numbers_leave_no_trace(out: Path) -> None:
    for path in out.glob("*.csv"):
        assert "13805951234" not in path.read_text("utf-8")
    text = "\n".join(p.text for p in docx.Document(str(out / "proposal.docx")).paragraphs)
    assert "13805951234" not in text


def test_a_safety_statement_is_a_need_of_its_own_that_is_never_drafted(out: Path) -> None:
    (said,) = [r for r in read(out / "statements.csv") if r["safety"] == "1"]
    needs = {row["id"]: row for row in read(out / "needs.csv")}
    need = needs[said["need"]]
    assert (need["band"], need["safety"], need["statements"]) == ("P0", "1", "1")
    assert next(iter(needs)) == need["id"], "P0 comes first"
    text = "\n".join(p.text for p in docx.Document(str(out / "proposal.docx")).paragraphs)
    assert "打我" not in text
    assert need["title"] not in text


def test_needs_show_the_components_of_their_priority(out: Path) -> None:
    weights = {"severity": 0.30, "urgency": 0.20, "reach": 0.20, "evidence": 0.15,
               "feasibility": 0.15}  # fmt: skip
    for need in read(out / "needs.csv"):
        if need["safety"] == "1":
            continue
        total = sum(weight * float(need[name]) for name, weight in weights.items())
        assert float(need["priority"]) == pytest.approx(total, abs=2e-4)


def test_files_of_others_in_the_folder_stay(tmp_path: Path) -> None:
    notes = write(tmp_path / "n.csv", HEAD, *ROWS[:3])
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / "mine.txt"
    mine.write_text("mine")
    assert sanshe("plan", notes, "--out", tmp_path / "out").returncode == 0
    assert mine.read_text() == "mine"
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | {"mine.txt"}


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "notes.xlsx"
    bad.write_text("<html><body>not a workbook</body></html>")
    done = sanshe("plan", bad, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.xlsx"]


def test_an_unknown_community_is_refused(tmp_path: Path) -> None:
    notes = write(tmp_path / "n.csv", ["text"], ["路灯坏了没人修"])
    done = sanshe("plan", notes, "--community", "999999999999", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "999999999999" in done.stderr


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    notes = write(tmp_path / "n.csv", ["text"], ["路灯坏了没人修"])
    done = sanshe("plan", notes, "--out", notes)
    assert done.returncode == 1
    assert notes.read_text("utf-8").startswith("text")


def test_plan_runs_without_django(tmp_path: Path) -> None:
    notes = write(tmp_path / "n.csv", HEAD, *ROWS[:2])
    program = (
        "import sys\nfrom sanshe.cli import _run\n"
        f"code = _run(['plan', {str(notes)!r}, '--out', {str(tmp_path / 'out')!r}])\n"
        "print(code, 'django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-X", "utf8", "-c", program], capture_output=True, text=True
    )
    assert done.stdout.strip().endswith("0 False"), done.stderr
