"""State machines as tables of moves; buttons, tests and charts are derived from the table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


class MoveNotAllowed(Exception):
    """The move does not exist, or does not start from this state."""


@dataclass(frozen=True)
class Move:
    """One named verb: from any of `sources` to `target`."""

    sources: frozenset[str]
    target: str

    def __init__(self, sources: set[str] | frozenset[str], target: str) -> None:
        # str() turns Django's TextChoices members into the plain values that are stored.
        object.__setattr__(self, "sources", frozenset(str(s) for s in sources))
        object.__setattr__(self, "target", str(target))


class Flow:
    """A table of moves. Cost of every question: O(number of moves)."""

    def __init__(self, moves: Mapping[str, Move]) -> None:
        self.moves: dict[str, Move] = {str(verb): move for verb, move in moves.items()}

    @property
    def states(self) -> set[str]:
        """Every state that some move starts from or leads to."""
        return {s for move in self.moves.values() for s in (*move.sources, move.target)}

    def target(self, verb: str, state: str) -> str:
        """The state after `verb`.

        Raises:
            MoveNotAllowed: no such verb, or it does not start from `state`.
        """
        move = self.moves.get(str(verb))
        if move is None or str(state) not in move.sources:
            raise MoveNotAllowed(f"{verb} does not start from {state}")
        return move.target

    def open_moves(self, state: str) -> Iterator[str]:
        """The verbs that start from `state`, in the order of the table."""
        return (verb for verb, move in self.moves.items() if str(state) in move.sources)

    def mermaid(self, labels: Mapping[str, str], verbs: Mapping[str, str]) -> str:
        """The table as a Mermaid state chart; `labels` name states, `verbs` name moves."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state}: {labels.get(state, state)}" for state in sorted(self.states)]
        for verb, move in self.moves.items():
            lines += [
                f"    {source} --> {move.target}: {verbs.get(verb, verb)}"
                for source in sorted(move.sources)
            ]
        return "\n".join(lines)
