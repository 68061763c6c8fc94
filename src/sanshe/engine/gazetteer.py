"""Which community is meant: a code or a name in, one unit out, or an error; never a guess.

Problem. Offices write one community in a dozen ways: its 12-digit code (also as a number), its
full name 花园城社区居委会, its short name 花园城社区, the bare name 花园城, and each of them
behind its town or city in any usual joining (湖滨/花园城, 湖滨街道（花园城）). Method: every way
of writing a unit is listed beforehand, a text is cut at separators and must equal one listed way
as a whole. So 东店村 never matches 东村社区, a name that goes on (花园城社区3号楼) none.

Rules decided here:
- Two units that fit are `AmbiguousPlace`, with both; a code and a name that differ are too.
- The kind in a name must be right: 花园城村 for 花园城社区 is unknown, even though no village has
  that name. Only the bare name may leave the kind out.
- A unit written under another town (凤里街道花园城社区) is unknown.
- A town, county or city alone is unknown: it is not a community.
- Nationality words may be left out (前坑村 for 前坑回族村), and so may the town's own name inside
  its unit when the town is written (永宁镇第一社区 for 永宁第一社区), while one unit fits.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_COMMUNITY = ("社区居委会", "社区居民委员会", "居民委员会", "居委会", "社区居委", "居委", "社区")
_VILLAGE = ("村民委员会", "村村民委员会", "村村委会", "村委会", "村委", "村")
_SUFFIXES = sorted(_COMMUNITY + _VILLAGE, key=len, reverse=True)
_LONGEST = 80
_ETHNIC = re.compile(r"(回族|畲族|满族|土家族|苗族|壮族|高山族|蒙古族)$")
_DIVISION = re.compile(r"(自治州|自治县|自治区|街道|省|市|县|区|旗|镇|乡)$")
_SEPARATORS = re.compile(r"[\s/\\|>,、;:：.。·•_\-—–()\[\]【】〔〕「」《》<\"'“”‘’]+")
_NUMBER = re.compile(r"\d{12}(\.0+)?")
_CODE = re.compile(r"(?<!\d)(\d{12})(?!\d)")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?11")


@dataclass(frozen=True, slots=True)
class Place:
    """One division; codes are 12 digits at every level, padded with zeros (350581001000).

    level: province, city, county, town or unit (a community or village).
    """

    code: str
    parent: str
    level: str
    name: str
    short_name: str
    town_name: str = ""

    @property
    def town_code(self) -> str:
        """The 12-digit code of the town this unit lies in, or "" above towns."""
        if self.level == "town":
            return self.code
        return self.parent if self.level == "unit" else ""

    @property
    def bare(self) -> str:
        """The name without its kind: 花园城 for 花园城社区居委会, 湖滨 for 湖滨街道."""
        if self.level != "unit":
            return _DIVISION.sub("", self.name) or self.name
        for suffix in _SUFFIXES:
            if self.name.endswith(suffix) and len(self.name) > len(suffix):
                return self.name.removesuffix(suffix)
        return self.name


class PlaceError(ValueError):
    """A text does not name one community.

    PlaceError
    ├── UnknownPlace      nothing fits; `near` may hold units the writer may have meant
    └── AmbiguousPlace    several fit: `candidates`
    """


class UnknownPlace(PlaceError):
    """No unit is written like this."""

    def __init__(self, text: str, near: tuple[Place, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.near = near


class AmbiguousPlace(PlaceError):
    """Several units are written like this."""

    def __init__(self, text: str, candidates: tuple[Place, ...]) -> None:
        super().__init__(text)
        self.text = text
        self.candidates = candidates


class Gazetteer:
    """All units of the places given, by every usual way of writing them.

    Args:
        places: divisions of any levels; parents are looked up by code and may be missing.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: dict[str, Place] = {place.code: place for place in places}
        self._written: dict[str, set[str]] = {}
        self._above: dict[str, set[str]] = {}
        for place in self.places.values():
            if place.level == "unit":
                self._write(place)
            else:
                for word in _division_words(place):
                    self._above.setdefault(word, set()).add(place.code)

    @property
    def units(self) -> list[Place]:
        """The communities and villages, by code."""
        return sorted((p for p in self.places.values() if p.level == "unit"), key=lambda p: p.code)

    def get(self, code: str) -> Place | None:
        """The place with this 12-digit code, of any level."""
        return self.places.get(code)

    def resolve(self, text: str | int | float) -> Place:
        """The one unit that is meant.

        Raises:
            UnknownPlace: nothing is written like this, or only a town or city is.
            AmbiguousPlace: several units are.

        Cost: O(length of text), after one pass over the places.
        """
        return self._one(text, self._read)

    def division(self, text: str | int | float) -> Place:
        """One place of any level, by code or name: 湖滨街道, 石狮市, or a unit.

        Raises:
            UnknownPlace, AmbiguousPlace: as for `resolve`; 蚶江 alone is a town and a village.
        """
        return self._one(text, self._read_any)

    def _one(self, text: str | int | float, read: Callable[[str], Iterable[str]]) -> Place:
        said = str(int(text)) if isinstance(text, float) and text.is_integer() else str(text)
        parts = _parts(said) if len(said) <= _LONGEST else []
        codes = [part for part in parts if _CODE.fullmatch(part)]
        words = [part for part in parts if part not in codes]
        found = {code for way in _orders(words) for code in read(way)}
        if not found and len(words) > 1:
            found = _together([set(read(word)) for word in words])
        if codes:
            by_code = _together([set(read(code)) for code in codes])
            found = by_code | found if by_code and (found or not words) else set()
        if len(found) == 1:
            return self.places[found.pop()]
        if found:
            raise AmbiguousPlace(said, tuple(self.places[code] for code in sorted(found)))
        raise UnknownPlace(said, self._near("".join(words)))

    def _write(self, unit: Place) -> None:
        town = self.places.get(unit.parent)
        alone = set(_unit_words(unit, unit.bare))
        ethnic = _ETHNIC.sub("", unit.bare)
        if ethnic and ethnic != unit.bare:
            alone.update(_unit_words(unit, ethnic))
        for word in alone:
            self._written.setdefault(word, set()).add(unit.code)
        if town is None:
            return
        inside = set(alone)
        if unit.bare.startswith(town.bare) and unit.bare != town.bare:
            inside.update(_unit_words(unit, unit.bare.removeprefix(town.bare)))
        for word in inside:
            for town_word in _division_words(town):
                self._written.setdefault(town_word + word, set()).add(unit.code)

    def _read(self, way: str) -> Iterator[str]:
        """The codes of the units written `way`, behind any higher divisions or none."""
        if way in self.places:
            if self.places[way].level == "unit":
                yield way
            return
        for rest, over in self._behind(way):
            for code in self._written.get(rest, ()):
                if over is None or over in self._parents(code):
                    yield code

    def _read_any(self, way: str) -> Iterator[str]:
        """The codes of the places of every level written `way`."""
        if way in self.places:
            yield way
            return
        yield from self._read(way)
        for rest, over in self._behind(way):
            for code in self._above.get(rest, ()):
                if over is None or over in self._parents(code):
                    yield code

    def _behind(self, way: str, over: str | None = None) -> Iterator[tuple[str, str | None]]:
        """`way` itself, and what is left of it behind the names of county, city, province."""
        yield way, over
        for end in range(2, len(way)):
            for code in self._above.get(way[:end], ()):
                if self.places[code].level == "town":
                    continue
                if over is None or (over != code and over in self._parents(code)):
                    yield from self._behind(way[end:], code)

    def _parents(self, code: str) -> Iterator[str]:
        place = self.places.get(code)
        while place is not None:
            yield place.code
            place = self.places.get(place.parent)

    def _near(self, said: str) -> tuple[Place, ...]:
        """Units whose bare name is inside what was said, longest first: only for the message."""
        near = [unit for unit in self.units if len(unit.bare) > 1 and unit.bare in said]
        return tuple(sorted(near, key=lambda unit: -len(unit.bare))[:3])


def _parts(said: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", said).strip().lstrip("'")
    number = folded.replace(" ", "")
    if _NUMBER.fullmatch(number):
        return [number[:12]]
    if _SCIENTIFIC.fullmatch(number):
        return [str(round(float(number)))]
    return [part for part in _SEPARATORS.split(_CODE.sub(r" \1 ", folded)) if part]


def _orders(parts: list[str]) -> list[str]:
    """What the parts may spell: joined as written, or the town behind the unit."""
    ways = ["".join(parts)] if parts else []
    if 1 < len(parts) <= 5:
        ways.append("".join(reversed(parts)))
        ways.append("".join([*parts[1:], parts[0]]))
    return ways


def _together(each: list[set[str]]) -> set[str]:
    """What parts that each name a place mean together, as in 金林、新湖; empty if one does not."""
    return set().union(*each) if all(each) else set()


def _division_words(place: Place) -> set[str]:
    words = {place.name, place.bare}
    if place.level == "town":
        words |= {place.name + "办事处", place.name + "办", place.name + "人民政府"}
    return {word for word in words if len(word) > 1}


def _unit_words(unit: Place, bare: str) -> Iterator[str]:
    yield bare
    yield unit.name
    yield unit.short_name
    for suffixes in (_COMMUNITY, _VILLAGE):
        if unit.name.endswith(suffixes):
            yield from (bare + suffix for suffix in suffixes)
            return
