"""The front-end files of the site: copied from node_modules, nothing built or bundled.

Plain Python: the bootstrap calls it before anything else works.
"""

import hashlib
import re
import shutil
from pathlib import Path

from sanshe.core.icons import ICONS

COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
OUTLINE = "@tabler/icons/icons/outline"
STAMP = ".stamp"

_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BACKGROUND = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
_SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


class AssetsMissing(Exception):
    """A file that npm should have installed is not there."""


def build_assets(node_modules: Path, target: Path) -> bool:
    """Put styles, scripts and the icon sprite into `target`.

    Returns:
        True when something was written, False when nothing had changed since the last time.

    Raises:
        AssetsMissing: a package or an icon is absent; the message names the file.
    """
    sources = [node_modules / name for name in COPIES]
    drawings = [node_modules / OUTLINE / f"{name}.svg" for name in ICONS]
    for path in (*sources, *drawings):
        if not path.is_file():
            raise AssetsMissing(f"{path} is missing: run `npm ci --ignore-scripts`")
    stamp = _stamp([*sources, *drawings])
    expected = [target / name for name in (*COPIES.values(), "icons.svg")]
    written = target / STAMP
    if written.is_file() and written.read_text() == stamp and all(p.is_file() for p in expected):
        return False
    target.mkdir(parents=True, exist_ok=True)
    written.unlink(missing_ok=True)
    for source, name in zip(sources, COPIES.values(), strict=True):
        _copy(source, target / name)
    (target / "icons.svg").write_text(sprite(drawings), encoding="utf-8")
    written.write_text(stamp)
    return True


def sprite(drawings: list[Path]) -> str:
    """One SVG with a symbol for each drawing, named as its file."""
    symbols = []
    for path in drawings:
        found = _DRAWING.search(path.read_text(encoding="utf-8"))
        if found is None:
            raise AssetsMissing(f"{path} is not an SVG drawing")
        strokes = re.sub(r"\s*\n\s*", "", _BACKGROUND.sub("", found[1]))
        symbols.append(f'<symbol id="{path.stem}" viewBox="0 0 24 24">{strokes}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def _copy(source: Path, target: Path) -> None:
    # The maps are not shipped; a reference to a missing file would break hashed static names.
    content = _SOURCE_MAP.sub(b"\n", source.read_bytes())
    partial = target.with_suffix(".part")
    partial.write_bytes(content)
    shutil.move(partial, target)


def _stamp(paths: list[Path]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
