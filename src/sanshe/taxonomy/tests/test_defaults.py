from pathlib import Path

import pytest

from sanshe.taxonomy.defaults import defaults_of, load_defaults
from sanshe.taxonomy.tree import TreeError, load_tree

HEAD = "code,severity,urgency,feasibility,reason_zh,reason_en\n"


def test_every_leaf_has_defaults_and_a_reason_of_its_own() -> None:
    table = load_defaults()
    assert table.keys() == load_tree().by_code.keys()
    assert len({row.reason_zh for row in table.values()}) == 89
    assert len({row.reason_en for row in table.values()}) == 89


def test_the_whole_scale_is_used() -> None:
    values = [row.values for row in load_defaults().values()]
    assert {v.severity for v in values} == {v.urgency for v in values} == {1, 2, 3, 4, 5}
    # One is no project at all: no leaf of ours is beyond every community project.
    assert {v.feasibility for v in values} == {2, 3, 4, 5}


@pytest.mark.parametrize("code", sorted(load_tree().safety_codes))
def test_types_about_safety_are_as_severe_and_urgent_as_can_be(code: str) -> None:
    values = load_defaults()[code].values
    assert (values.severity, values.urgency) == (5, 5)


def test_a_type_the_table_does_not_know_has_no_defaults() -> None:
    assert defaults_of("XXX99") is None


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("XXX99,3,3,3,因为,Because\n", "unknown type XXX99"),
        ("ELD03,3,3,3,因为,Because\n" * 2, "line 3: ELD03 comes twice"),
        ("ELD03,6,3,3,因为,Because\n", "severity must be 1..5"),
        ("ELD03,3,,3,因为,Because\n", "urgency must be 1..5"),
        ("ELD03,3,3,3,,Because\n", "no reason"),
    ],
)
def test_a_broken_table_is_named_with_its_line(tmp_path: Path, rows: str, words: str) -> None:
    path = tmp_path / "defaults.csv"
    path.write_text(HEAD + rows)
    with pytest.raises(TreeError, match=words):
        load_defaults(path)
