"""The English catalog: gathered from Python and templates, checked for gaps, compiled. By Babel.

`python -m sanshe.cli.translations update` brings `locale/en/LC_MESSAGES/django.po` in step with
the sources (new strings appear empty, at the place of their file); `compile` makes the .mo file.
No gettext program is needed.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
CATALOG = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
#: gettext function → which argument is the context, the singular, the plural.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_Found = tuple[int, str, str | tuple[str, ...], list[str]]


def extract(package: Path = PACKAGE) -> Catalog:
    """Every string that is marked for translation, with the files it stands in."""
    catalog = Catalog(locale="en", project="sanshe", charset="utf-8", fuzzy=False)
    methods = [("**/tests/**", "ignore"), ("cli/**", "ignore"), ("**.py", "python")]
    found = extract_from_dir(package, methods, keywords=KEYWORDS, directory_filter=_is_source)
    for name, _line, words, _comments, context in found:
        catalog.add(words, locations=[(Path(name).as_posix(), 0)], context=context)
    for path in _templates(package):
        with path.open("rb") as file:
            for _line, function, words, _comments in extract_template(file):
                context, said = _split(function, words)
                place = path.relative_to(package).as_posix()
                catalog.add(said, locations=[(place, 0)], context=context)
    return catalog


def extract_template(file: IO[bytes]) -> Iterator[_Found]:
    """The strings of a Django template, through Django's own translation of tags to calls."""
    # Inside brackets the blanks that stand for markup are no indentation.
    source = f"({templatize(file.read().decode())})"
    found = extract_python(BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    # Babel's annotation describes a later stage of the same result.
    yield from cast("Iterator[_Found]", found)


def _split(function: str, words: str | tuple[str, ...]) -> tuple[str | None, str | tuple[str, ...]]:
    """Context and message of one call, as `KEYWORDS` reads its arguments."""
    given = [words] if isinstance(words, str) else [word for word in words if word]
    if function in {"pgettext", "npgettext"}:
        rest = tuple(given[1:])
        return given[0], rest if len(rest) > 1 else rest[0]
    plural = function in {"ngettext", "npgettext"}
    return None, tuple(given[:2]) if plural else given[0]


def _templates(package: Path) -> Iterable[Path]:
    found = [*package.glob("*/templates/**/*.html"), *package.glob("*/templates/**/*.txt")]
    return sorted(found)


def _is_source(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).name not in {"tests", "migrations", "node_modules", "__pycache__"}


def gaps(package: Path = PACKAGE, path: Path = CATALOG) -> list[str]:
    """What is wrong with the catalog, one sentence each: missing, empty, fuzzy, broken, unused."""
    wanted = extract(package)
    have = _read(path)
    found = []
    for message in _messages(wanted):
        written = have.get(message.id, message.context)
        where = message.locations[0][0] if message.locations else "?"
        shown = message.id if isinstance(message.id, str) else message.id[0]
        if written is None:
            found.append(f"{where}: not in the catalog: {shown!r}")
        elif not _texts(written) or not all(_texts(written)):
            found.append(f"{where}: not translated: {shown!r}")
        elif written.fuzzy:
            found.append(f"{where}: fuzzy: {shown!r}")
        else:
            found += [f"{where}: {fault}: {shown!r}" for fault in _faults(written)]
    for message in _messages(have):
        if wanted.get(message.id, message.context) is None:
            shown = message.id if isinstance(message.id, str) else message.id[0]
            found.append(f"catalog: no longer in the sources: {shown!r}")
    return found


_PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[a-z]|%[sd]")


def _faults(message: Message) -> Iterator[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = {found for one in ids for found in _PLACEHOLDER.findall(one)}
    for text in _texts(message):
        if extra := set(_PLACEHOLDER.findall(text)) - wanted:
            yield f"unknown placeholder {sorted(extra)}"
    if missing := wanted - {
        found for one in _texts(message) for found in _PLACEHOLDER.findall(one)
    }:
        yield f"placeholder left out {sorted(missing)}"


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _texts(message: Message) -> list[str]:
    said = message.string
    return [said] if isinstance(said, str) else list(said or ())


def update(package: Path = PACKAGE, path: Path = CATALOG) -> tuple[int, int]:
    """Write the catalog anew from the sources, keeping translations. (messages, still empty)."""
    wanted, have = extract(package), _read(path)
    fresh = Catalog(
        locale="en", project="sanshe", version="1", charset="utf-8", fuzzy=False,
        msgid_bugs_address="CONTRIBUTING.md", last_translator="sanshe", language_team="sanshe",
        # Kept, so that an update that finds nothing new leaves the file as it is.
        creation_date=have.creation_date, revision_date=have.creation_date,
    )  # fmt: skip
    fresh.header_comment = "# English catalog of 三社 Sanshe; made by sanshe.cli.translations."
    for message in sorted(_messages(wanted), key=lambda m: (m.locations, str(m.id))):
        written = have.get(message.id, message.context)
        fresh.add(
            message.id,
            string=written.string if written else "",
            locations=sorted(set(message.locations)),
            context=message.context,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=98, omit_header=False, include_lineno=False, sort_output=False)
    empty = sum(not all(_texts(message) or [""]) for message in _messages(fresh))
    return len(fresh), empty


def compile_catalogs(package: Path = PACKAGE) -> bool:
    """Make the .mo file of every catalog that has changed; True where one was made."""
    changed = False
    for path in sorted(package.glob("locale/*/LC_MESSAGES/*.po")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        made, stamp = path.with_suffix(".mo"), path.with_suffix(".mo.sha256")
        if made.is_file() and stamp.is_file() and stamp.read_text() == digest:
            continue
        built = BytesIO()
        write_mo(built, _read(path))
        made.write_bytes(built.getvalue())
        stamp.write_text(digest)
        changed = True
    return changed


def _read(path: Path) -> Catalog:
    if not path.is_file():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update"]:
            total, empty = update()
            print(f"{CATALOG.relative_to(PACKAGE)}: {total} messages, {empty} not translated")
            return 0
        case ["compile"]:
            print("compiled" if compile_catalogs() else "unchanged")
            return 0
        case ["check"]:
            found = gaps()
            print("\n".join(found) or "complete")
            return int(bool(found))
    print("usage: python -m sanshe.cli.translations update|compile|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
