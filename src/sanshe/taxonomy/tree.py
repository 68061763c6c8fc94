"""The shipped tree of needs and the sentences it is learned from, read without Django.

The command line and the engine's training use this; the web loads the same files into tables
(`load_taxonomy`), where a city may rename a need or add keywords.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
#: The label of exemplars that ask for nothing: greetings, thanks, small talk.
NO_NEED = "NONE"


class TreeError(ValueError):
    """A data file of the taxonomy is not as it must be; the message names file and line."""


@dataclass(frozen=True)
class Leaf:
    """A type of need (需求类型), such as ELD03 助餐送餐."""

    code: str
    field: str
    name_zh: str
    name_en: str
    safety: bool
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """A field of service (服务领域), such as ELD 为老服务, with its leaves in order of code."""

    code: str
    name_zh: str
    name_en: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Tree:
    """The two levels, in the order of the file."""

    fields: tuple[Branch, ...]

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves, field by field."""
        return tuple(leaf for branch in self.fields for leaf in branch.leaves)

    @cached_property
    def by_code(self) -> dict[str, Leaf]:
        """The leaves by their code."""
        return {leaf.code: leaf for leaf in self.leaves}

    @cached_property
    def safety_codes(self) -> frozenset[str]:
        """Leaves where somebody's safety is at stake."""
        return frozenset(leaf.code for leaf in self.leaves if leaf.safety)

    def field_of(self, code: str) -> Branch:
        """The field a leaf belongs to. Raises KeyError for an unknown leaf."""
        field = self.by_code[code].field
        return next(branch for branch in self.fields if branch.code == field)


@dataclass(frozen=True)
class Exemplar:
    """A sentence somebody might say, and what it asks for (`NO_NEED`: nothing)."""

    label: str
    safety: bool
    text: str
    hand: str


@dataclass(frozen=True)
class Paraphrase:
    """A sentence that says the same as the others of its group, in the same place."""

    group: str
    place: str
    label: str
    text: str
    hand: str


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a data file with their line numbers.

    Raises:
        TreeError: a column is missing, or a row is too short.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise TreeError(f"{path.name}: no column {', '.join(sorted(missing))}")
        for row in reader:
            if any(row[column] is None for column in columns):
                raise TreeError(f"{path.name} line {reader.line_num}: too few columns")
            yield reader.line_num, row


def read_tree(path: Path) -> Tree:
    """Read `code,parent,name_zh,name_en,safety,keywords` (keywords separated by |).

    Raises:
        TreeError: a code comes twice, or a leaf stands under a field that is not in the file.
    """
    named: dict[str, tuple[str, str]] = {}
    leaves: dict[str, list[Leaf]] = {}
    seen: set[str] = set()
    columns = ("code", "parent", "name_zh", "name_en", "safety", "keywords")
    for line, row in read_rows(path, columns):
        code, parent = row["code"].strip(), row["parent"].strip()
        if code in seen:
            raise TreeError(f"{path.name} line {line}: {code} comes twice")
        seen.add(code)
        if not parent:
            named[code] = row["name_zh"].strip(), row["name_en"].strip()
            leaves[code] = []
            continue
        if parent not in leaves:
            raise TreeError(f"{path.name} line {line}: {code} stands under unknown field {parent}")
        keywords = tuple(dict.fromkeys(filter(None, map(str.strip, row["keywords"].split("|")))))
        leaves[parent].append(
            Leaf(code, parent, row["name_zh"].strip(), row["name_en"].strip(),
                 row["safety"].strip() == "1", keywords)
        )  # fmt: skip
    return Tree(tuple(Branch(code, *names, tuple(leaves[code])) for code, names in named.items()))


@lru_cache(maxsize=4)
def load_tree(path: Path = DATA / "taxonomy.csv") -> Tree:
    """The shipped tree, read once."""
    return read_tree(path)


def load_exemplars(folder: Path = DATA / "exemplars") -> list[Exemplar]:
    """All exemplars, file by file in the order of their names; `hand` is the file's stem.

    Raises:
        TreeError: a label is neither a leaf of the shipped tree nor `NO_NEED`.
    """
    known = load_tree().by_code
    found = []
    for path in sorted(folder.glob("*.csv")):
        for line, row in read_rows(path, ("label", "safety", "text")):
            label = row["label"].strip()
            if label != NO_NEED and label not in known:
                raise TreeError(f"{path.name} line {line}: unknown label {label}")
            found.append(Exemplar(label, row["safety"].strip() == "1", row["text"], path.stem))
    return found


def load_paraphrases(folder: Path = DATA / "paraphrases") -> list[Paraphrase]:
    """All paraphrases, file by file; `group` is unique across files as the hands wrote it.

    Raises:
        TreeError: a label is neither a leaf of the shipped tree nor `NO_NEED`.
    """
    known = load_tree().by_code
    found = []
    for path in sorted(folder.glob("*.csv")):
        for line, row in read_rows(path, ("group", "place", "label", "text")):
            label = row["label"].strip()
            if label != NO_NEED and label not in known:
                raise TreeError(f"{path.name} line {line}: unknown label {label}")
            found.append(
                Paraphrase(row["group"].strip(), row["place"].strip(), label, row["text"],
                           path.stem)
            )  # fmt: skip
    return found
