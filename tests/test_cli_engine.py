"""`classify`, `learn` and `merge` by the contract."""

import json
from pathlib import Path

from cli import read, sanshe, write
from sanshe.taxonomy.tree import load_tree


def test_classify_writes_a_line_for_each_text(tmp_path: Path) -> None:
    texts = write(tmp_path / "t.csv", ["id", "text"],
                  ["a", "楼下电动车乱停，消防通道都堵住了"],
                  ["b", "没什么，你们辛苦了"],
                  ["c", "老公喝了酒就打我，我不敢回家，电话13805951234"])  # fmt: skip
    out = tmp_path / "c.csv"
    done = sanshe("classify", texts, "--out", out, "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in read(out)}
    assert list(rows["a"]) == ["id", "label", "confidence", "alternatives", "safety", "because"]
    assert list(rows) == ["a", "b", "c"]
    codes = load_tree().by_code
    for row in rows.values():
        assert row["label"] in ("", *codes)
        assert 0 <= float(row["confidence"]) <= 1
        assert len(row["alternatives"].split("|")) <= 3
    assert rows["b"]["label"] == ""
    assert rows["c"]["safety"] == "1"
    assert "13805951234" not in out.read_text(encoding="utf-8")
    assert json.loads(done.stdout)["texts"] == 3


def test_learn_makes_a_model_that_classify_uses(tmp_path: Path) -> None:
    said = [(f"{word}太吵了，晚上{time}点还在响", "noise") for word in ("广场舞", "装修", "货车")
            for time in range(8, 12)]  # fmt: skip
    said += [(f"{place}的路灯坏了{days}天没人修", "light") for place in ("巷口", "楼道", "公园")
             for days in range(3, 7)]  # fmt: skip
    labelled = write(tmp_path / "l.csv", ["text", "label"], *said)
    model, texts = tmp_path / "own.model", tmp_path / "t.csv"
    assert sanshe("learn", labelled, "--out", model).returncode == 0
    write(texts, ["id", "text"], ["1", "施工太吵了，晚上十点还在响"], ["2", "桥头的路灯坏了没人修"])
    done = sanshe("classify", texts, "--model", model, "--out", tmp_path / "c.csv")
    assert done.returncode == 0, done.stderr
    tops = [row["alternatives"].split(":")[0] for row in read(tmp_path / "c.csv")]
    assert tops == ["noise", "light"]


def test_learn_wants_two_labels(tmp_path: Path) -> None:
    labelled = write(tmp_path / "l.csv", ["text", "label"], ["一", "x"], ["二", "x"])
    done = sanshe("learn", labelled, "--out", tmp_path / "m")
    assert done.returncode == 1
    assert "类别" in done.stderr
    assert not (tmp_path / "m").exists()


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    texts = write(tmp_path / "t.csv", ["id", "text"], ["1", "路灯坏了"])
    done = sanshe("classify", texts, "--model", texts, "--out", tmp_path / "c.csv")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "c.csv").exists()


def test_merge_names_a_group_by_its_first_member(tmp_path: Path) -> None:
    texts = write(tmp_path / "t.csv", ["id", "text", "place"],
                  ["a", "楼道的灯坏了好久没人修", "花园城"],
                  ["b", "孩子放学没人接", "花园城"],
                  ["c", "楼道的灯坏了好久没人修", "花园城"],
                  ["d", "楼道的灯坏了好久没人修", "锦江"])  # fmt: skip
    done = sanshe("merge", texts, "--out", tmp_path / "g.csv")
    assert done.returncode == 0, done.stderr
    groups = {row["id"]: row["group"] for row in read(tmp_path / "g.csv")}
    assert groups == {"a": "a", "b": "b", "c": "a", "d": "d"}
