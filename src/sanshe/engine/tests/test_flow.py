import pytest

from sanshe.engine.flow import Flow, Move, MoveNotAllowed

DOOR = Flow({"open": Move({"closed"}, "open"), "close": Move({"open", "ajar"}, "closed")})


def test_a_move_leads_from_any_of_its_sources_to_its_target() -> None:
    assert DOOR.target("close", "ajar") == "closed"
    assert DOOR.target("open", "closed") == "open"


@pytest.mark.parametrize(
    ("verb", "state"), [("open", "open"), ("close", "closed"), ("paint", "open")]
)
def test_a_move_that_does_not_start_here_is_refused(verb: str, state: str) -> None:
    with pytest.raises(MoveNotAllowed):
        DOOR.target(verb, state)


def test_open_moves_are_those_that_start_here_in_table_order() -> None:
    assert list(DOOR.open_moves("open")) == ["close"]
    assert list(DOOR.open_moves("nowhere")) == []


def test_the_chart_names_every_state_and_every_move() -> None:
    chart = DOOR.mermaid({"open": "开"}, {"close": "关上"})
    assert "open: 开" in chart
    assert "ajar --> closed: 关上" in chart
    assert "closed --> open: open" in chart
