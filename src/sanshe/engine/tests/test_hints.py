"""Naming what in a text sounds like harm."""

from sanshe.engine.hints import KINDS, hints
from sanshe.engine.safety import KINDS_OF_SIGNS


def test_every_column_of_signs_but_the_last_three_has_a_name() -> None:
    assert len(KINDS) == KINDS_OF_SIGNS - 3


def test_hints_are_named_once_and_harmless_words_give_none() -> None:
    found = hints(["他喝了酒就动手，打我，眼睛都肿了", "药我都攒着，不想活了", "路灯坏了两个月"])
    assert {"violence", "injury"} <= set(found[0])
    assert found[1] == ("death",)
    assert found[2] == ()


def test_no_texts_give_no_hints() -> None:
    assert hints([]) == []
