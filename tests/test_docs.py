"""The documents say what the code is, and the two READMEs say the same."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from sanshe.cli import COMMANDS
from sanshe.cli.flows import FLOWS, PAGE, page

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md"),
               *ROOT.glob("examples/**/*.md")])  # fmt: skip
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_VARIABLE = re.compile(r"\bSANSHE_[A-Z_]+\b")


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_two_readmes_are_in_step() -> None:
    english, chinese = _text("README.md"), _text("README.zh.md")

    def shape(text: str) -> list[str]:
        return re.findall(r"^(#+|- \*\*|!\[|- )", text, re.MULTILINE)

    def commands(text: str) -> list[str]:
        return re.findall(r"^\./sanshe[^#\n]*", "".join(c for _, c in _CODE.findall(text)), re.M)

    assert shape(english) == shape(chinese)
    assert [c.strip() for c in commands(english)] == [c.strip() for c in commands(chinese)]
    other = {"README.md", "README.zh.md"}
    assert set(_LINK.findall(english)) - other == set(_LINK.findall(chinese)) - other


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    listed = set(re.findall(r"^\| `(\w+)[ `]", _text("docs/commands.md"), re.MULTILINE))
    assert listed - {"SANSHE_HOME", "DATABASE_URL"} >= set(COMMANDS)
    for path in DOCS:
        for name in re.findall(r"\./sanshe (\w+)", path.read_text("utf-8")):
            assert name in COMMANDS or name == "COMMAND", f"{path.name}: {name}"


def test_every_setting_of_the_environment_is_documented() -> None:
    used = set()
    for path in [*ROOT.glob("src/sanshe/**/*.py"), ROOT / "sanshe"]:
        used |= set(_VARIABLE.findall(path.read_text("utf-8")))
    documented = set(_VARIABLE.findall(_text("docs/commands.md")))
    assert used <= documented | {"SANSHE_"}, used - documented


def test_every_flow_is_drawn_as_its_table_is() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m sanshe.cli.flows`"
    tables = set()
    for path in ROOT.glob("src/sanshe/*/models/**/*.py"):
        tables |= set(re.findall(r"^(\w+_FLOW) = Flow\(", path.read_text("utf-8"), re.MULTILINE))
    assert tables == {table for _, table, _, _ in FLOWS.values()}


def test_every_main_table_stands_in_the_glossary() -> None:
    words = _text("docs/glossary.md")
    small = {"ObjectiveNeed", "OfferNeedType", "User", "TeamMember", "ReviewRemark", "ColumnMemory",
             "LearningRun"}  # fmt: skip
    for config in apps.get_app_configs():
        if config.name.startswith("sanshe."):
            for model in config.get_models():
                if model._meta.auto_created or model.__name__ in small:
                    continue
                assert f"| {model.__name__} |" in words, model.__name__


def test_every_engine_module_stands_in_the_index() -> None:
    index = _text("docs/engine/README.md")
    inside = {"errors", "__init__", "features", "safety", "tests"}
    for path in (ROOT / "src/sanshe/engine").iterdir():
        name = path.stem
        if name not in inside and not name.startswith(("_", ".")):
            assert f"`{name}`" in index, name


def test_every_floor_stands_in_the_architecture() -> None:
    drawn = _text("docs/architecture.md")
    for path in (ROOT / "src/sanshe").iterdir():
        if (path / "__init__.py").exists():
            assert f"sanshe.{path.name}" in drawn, path.name
