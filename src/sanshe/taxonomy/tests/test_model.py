"""The shipped model: its data is sound, and it is trained once, then read."""

from pathlib import Path

import pytest

from sanshe.engine.classify import NONE, Row
from sanshe.taxonomy import model as shipping

FEW = [Row(text, "ENV03", False) for text in ("路灯坏了", "晚上没有路灯", "灯不亮")] + [
    Row(text, "ELD03", False) for text in ("想要食堂", "没人送餐", "中午吃不上饭")
]


def test_every_leaf_has_sixty_exemplars_and_every_exemplar_a_leaf() -> None:
    codes = {leaf.code for leaf in shipping.tree()}
    counts = dict.fromkeys(codes, 0)
    for row in shipping.exemplars():
        assert row.label == NONE or row.label in codes, row
        if row.label != NONE:
            counts[row.label] += 1
    assert len(codes) == 89
    assert min(counts.values()) >= 60


def test_no_exemplar_stands_in_the_development_set() -> None:
    folder = Path(__file__).parents[4] / "tests" / "data"
    dev = (folder / "dev_statements.csv").read_text(encoding="utf-8-sig").splitlines()
    heard = {line.split(",", 2)[2] for line in dev[1:]}
    # A greeting of two syllables is the same whoever says it.
    repeated = [row.text for row in shipping.exemplars() if row.text in heard and row.label != NONE]
    assert repeated == []


def test_the_model_is_trained_once_and_then_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "exemplars", lambda: FEW)
    first = shipping.shipped_model(tmp_path)
    monkeypatch.setattr(shipping, "learn_apart", lambda *_a, **_k: pytest.fail("trained again"))
    assert shipping.shipped_model(tmp_path).version == first.version
    assert len(list((tmp_path / "models").iterdir())) == 1


def test_a_damaged_or_outdated_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "exemplars", lambda: FEW)
    shipping.shipped_model(tmp_path)
    (path,) = (tmp_path / "models").iterdir()
    path.write_bytes(path.read_bytes()[:-7])
    (tmp_path / "models" / "shipped-0000.model").write_bytes(b"old")
    shipping.shipped_model(tmp_path)
    assert [p.name for p in (tmp_path / "models").iterdir()] == [path.name]
