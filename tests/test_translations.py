"""The English catalog: what is gathered, what counts as a gap."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from sanshe.cli import translations


@pytest.fixture
def package(tmp_path: Path) -> Path:
    pages = tmp_path / "app" / "templates" / "app"
    pages.mkdir(parents=True)
    (tmp_path / "app" / "views.py").write_text(
        "a = _('保存')\nb = ngettext('%(n)s 条', '%(n)s 条们', n)\nc = pgettext('动词', '提交')\n",
        encoding="utf-8",
    )
    (pages / "page.html").write_text(
        "<div>\n  {% if x %}\n    {% translate '首页' %}\n  {% endif %}\n"
        "{% translate '提交' context '名词' %}\n"
        "{% blocktranslate trimmed count n=n %}\n  一位\n  居民\n{% plural %}\n  {{ n }} 位\n"
        "{% endblocktranslate %}<p title='{% translate \"它的“引号”\" %}'>不翻译</p></div>",
        encoding="utf-8",
    )
    (tmp_path / "app" / "tests").mkdir()
    (tmp_path / "app" / "tests" / "test_x.py").write_text("_('测试里的')", encoding="utf-8")
    return tmp_path


def _ids(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def test_strings_come_from_python_and_templates_and_not_from_tests(package: Path) -> None:
    found = translations.extract(package)
    assert _ids(found) == {
        "保存", ("%(n)s 条", "%(n)s 条们"), "提交", "首页", ("一位 居民", "%(n)s 位"),
        "它的“引号”",
    }  # fmt: skip
    assert found.get("提交", "动词") is not None
    assert found.get("提交", "名词") is not None
    assert found.get("提交") is None


def test_an_update_keeps_translations_and_drops_what_is_gone(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    old = Catalog(locale="en")
    old.add("保存", "Save")
    old.add("没有了", "Gone")
    with path.open("wb") as file:
        write_po(file, old)
    translations.update(package, path)
    with path.open("rb") as file:
        now = read_po(file)
    assert now.get("保存").string == "Save"
    assert now.get("没有了") is None
    assert now.get("首页").string == ""


def test_gaps_are_missing_empty_fuzzy_wrong_and_left_over_strings(
    package: Path, tmp_path: Path
) -> None:
    path = tmp_path / "django.po"
    have = Catalog(locale="en")
    have.add("保存", "Save")
    have.add(("%(n)s 条", "%(n)s 条们"), ("%(m)s line", "%(m)s lines"))
    have.add("提交", "submit", context="动词", flags=["fuzzy"])
    have.add("提交", "", context="名词")
    have.add("没有了", "Gone")
    with path.open("wb") as file:
        write_po(file, have)
    found = "\n".join(translations.gaps(package, path))
    assert "not in the catalog: '首页'" in found
    assert "not translated: '提交'" in found
    assert "fuzzy: '提交'" in found
    assert "unknown placeholder ['%(m)s']" in found
    assert "placeholder left out ['%(n)s']" in found
    assert "no longer in the sources: '没有了'" in found
    assert "保存" not in found


def test_a_catalog_is_compiled_once(package: Path) -> None:
    folder = package / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    have = Catalog(locale="en")
    have.add("保存", "Save")
    with (folder / "django.po").open("wb") as file:
        write_po(file, have)
    assert translations.compile_catalogs(package)
    assert (folder / "django.mo").is_file()
    assert not translations.compile_catalogs(package)
