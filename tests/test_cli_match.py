"""`match` by the contract."""

import json
from pathlib import Path

from cli import read, sanshe, write

NEEDS = ("id", "leaf_codes", "community_code", "people", "priority", "band", "target_group",
         "languages", "from", "to")  # fmt: skip
OFFERS = ("id", "provider", "kind", "title", "leaf_codes", "target_groups", "capacity", "catchment",
          "languages", "unit_cost_fen", "valid_from", "valid_to", "minors_cleared")  # fmt: skip
HERE = "350581001006"


def meals(folder: Path, capacity: int) -> Path:
    """One offer of meals for elders, in this community only."""
    row = ["meal", "乐龄", "service", "助餐", "ELD03", "", capacity, HERE, "", 800, "", "", 1]
    return write(folder / "offers.csv", OFFERS, row)


def test_the_urgent_need_takes_the_only_unit_and_the_other_one_is_told_why(tmp_path: Path) -> None:
    needs = write(tmp_path / "needs.csv", NEEDS,
                  ["low", "ELD03", HERE, 9, 0.4, "C", "", "", "", ""],
                  ["high", "ELD03", HERE, 2, 0.9, "A", "", "", "", ""])  # fmt: skip
    offers = meals(tmp_path, 1)
    out, report = tmp_path / "m.csv", tmp_path / "r.json"
    done = sanshe("match", needs, offers, "--out", out, "--report", report, "--format", "json")
    assert done.returncode == 0, done.stderr
    (row,) = read(out)
    assert list(row) == ["need", "offer", "fit", "leaf", "place", "target", "capacity", "time",
                         "reason", "next_best", "why_not"]  # fmt: skip
    assert (row["need"], row["offer"]) == ("high", "meal")
    # 0.40·1 + 0.20·1 + 0.15·0.5 + 0.15·1 + 0.10·1
    assert float(row["fit"]) == 0.925
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["matched"], told["unmatched"]) == (1, 1)
    assert told["objective"] == told["upper_bound"] == 0.925
    assert told["gap"] == 0
    (gap,) = told["gaps"]
    assert (gap["need"], gap["nearest_offer"]) == ("low", "meal")
    assert json.loads(done.stdout)["matched"] == 1


def test_bad_rows_are_named_and_good_ones_matched(tmp_path: Path) -> None:
    needs = write(tmp_path / "needs.csv", NEEDS,
                  ["a", "ELD03", HERE, 1, 0.4, "C", "", "", "", ""],
                  ["b", "XXX99", HERE, 1, 0.4, "C", "", "", "", ""])  # fmt: skip
    offers = meals(tmp_path, 3)
    out = tmp_path / "m.csv"
    done = sanshe("match", needs, offers, "--out", out, "--format", "json")
    assert done.returncode == 0
    assert "XXX99" in done.stderr
    assert json.loads(done.stdout)["rejected_needs"] == 1
    assert [row["need"] for row in read(out)] == ["a"]


def test_result_and_report_may_not_be_one_file(tmp_path: Path) -> None:
    same = tmp_path / "x"
    done = sanshe("match", "a.csv", "b.csv", "--out", same, "--report", same)
    assert done.returncode == 1
    assert "--report" in done.stderr
