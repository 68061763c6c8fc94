"""Copying the front-end files."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from sanshe.core.assets import COPIES, OUTLINE, AssetsMissing, build_assets
from sanshe.core.icons import ICONS

DRAWING = '<svg\n  class="icon"\n>\n  <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n  <path d="M5 12l-2 0" />\n</svg>\n'  # noqa: E501


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    root = tmp_path / "node modules"
    for name in COPIES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}\n/*# sourceMappingURL={path.name}.map */")
    drawings = root / OUTLINE
    drawings.mkdir(parents=True)
    for icon in ICONS:
        (drawings / f"{icon}.svg").write_text(DRAWING)
    return root


def test_every_file_arrives_without_a_pointer_to_a_map(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    assert build_assets(node_modules, target)
    for name in COPIES.values():
        content = (target / name).read_text()
        assert content.startswith("content of")
        assert "sourceMappingURL" not in content


def test_the_sprite_holds_each_named_icon_once(node_modules: Path, tmp_path: Path) -> None:
    build_assets(node_modules, tmp_path / "vendor")
    root = ElementTree.parse(tmp_path / "vendor" / "icons.svg").getroot()
    assert [symbol.get("id") for symbol in root] == list(ICONS)
    assert all(len(symbol) == 1 for symbol in root), "the empty background is left out"


def test_nothing_is_written_twice(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    build_assets(node_modules, target)
    assert not build_assets(node_modules, target)


def test_a_lost_or_changed_file_is_written_again(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    build_assets(node_modules, target)
    (target / "icons.svg").unlink()
    assert build_assets(node_modules, target)
    (node_modules / "htmx.org/dist/htmx.min.js").write_text("newer")
    assert build_assets(node_modules, target)
    assert (target / "htmx.min.js").read_text().strip() == "newer"


def test_a_missing_package_is_named(node_modules: Path, tmp_path: Path) -> None:
    (node_modules / "htmx.org/dist/htmx.min.js").unlink()
    with pytest.raises(AssetsMissing, match="htmx.min.js"):
        build_assets(node_modules, tmp_path / "vendor")


def test_icons_are_listed_once_and_sorted() -> None:
    assert list(ICONS) == sorted(set(ICONS))
