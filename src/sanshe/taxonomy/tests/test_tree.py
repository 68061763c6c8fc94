from pathlib import Path

import pytest

from sanshe.taxonomy.tree import (
    NO_NEED,
    TreeError,
    load_exemplars,
    load_paraphrases,
    load_tree,
    read_tree,
)

HEAD = "code,parent,name_zh,name_en,safety,keywords\n"


def test_the_shipped_tree_has_16_fields_and_89_leaves() -> None:
    tree = load_tree()
    assert len(tree.fields) == 16
    assert len(tree.leaves) == len(tree.by_code) == 89
    assert tree.safety_codes == {"CHD08", "WFM01", "MEN02"}
    assert tree.field_of("ELD03").name_zh == "为老服务"
    assert "送餐" in tree.by_code["ELD03"].keywords


def test_every_leaf_has_both_names_and_keywords() -> None:
    for leaf in load_tree().leaves:
        assert leaf.name_zh and leaf.name_en and len(leaf.keywords) >= 4, leaf.code
        assert leaf.code.startswith(leaf.field)


def test_every_leaf_has_at_least_sixty_exemplars() -> None:
    exemplars = load_exemplars()
    labels = [exemplar.label for exemplar in exemplars]
    assert min(labels.count(leaf.code) for leaf in load_tree().leaves) >= 60
    assert labels.count(NO_NEED) > 0
    assert all(exemplar.text.strip() for exemplar in exemplars)


def test_paraphrase_groups_hold_several_ways_to_say_one_thing() -> None:
    groups: dict[str, set[str]] = {}
    for paraphrase in load_paraphrases():
        groups.setdefault(paraphrase.group, set()).add(paraphrase.text)
    assert len(groups) > 20
    assert sum(len(texts) > 1 for texts in groups.values()) > len(groups) / 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("ELD,,为老,Older,0,\nELD,,为老,Older,0,\n", "ELD comes twice"),
        ("ELD01,ELD,日间,Day,0,\n", "unknown field ELD"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, rows: str, words: str) -> None:
    path = tmp_path / "tree.csv"
    path.write_text(HEAD + rows)
    with pytest.raises(TreeError, match=words):
        read_tree(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tree.csv"
    path.write_text("code,parent,name_zh\n")
    with pytest.raises(TreeError, match="keywords"):
        read_tree(path)


def test_an_unknown_label_among_the_exemplars_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("label,safety,text\nXXX01,0,你好\n")
    with pytest.raises(TreeError, match=r"a\.csv line 2: unknown label XXX01"):
        load_exemplars(tmp_path)
