import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sanshe.engine.gazetteer import AmbiguousPlace, UnknownPlace
from sanshe.places.china import short_name
from sanshe.places.models import Division, Level
from sanshe.places.selectors import communities_under, gazetteer, towns_under
from sanshe.places.services import retire_divisions
from sanshe.places.tests.factories import GARDEN_CITY, make_division

pytestmark = pytest.mark.django_db


def run(*args: object, **options: object) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)  # type: ignore[arg-type]
    return out.getvalue()


def test_shishi_has_nine_towns_and_128_communities() -> None:
    run("load_places")
    levels = Division.objects.values_list("level", flat=True)
    assert list(levels).count(Level.TOWN) == 9
    assert communities_under(["350581"]).count() == 128
    assert towns_under(["350581"]).count() == 9
    assert [t.name for t in towns_under([GARDEN_CITY])] == ["湖滨街道"]


def test_loading_again_changes_nothing_and_keeps_residents() -> None:
    run("load_places")
    Division.objects.filter(pk=GARDEN_CITY).update(residents=5200)
    assert "0 added, 0 changed, 140 unchanged" in run("load_places")
    assert Division.objects.get(pk=GARDEN_CITY).residents == 5200


def test_a_dry_run_writes_nothing() -> None:
    assert "140 would be added" in run("load_places", dry_run=True)
    assert not Division.objects.exists()


def test_a_renamed_community_is_renamed(tmp_path: Path) -> None:
    run("load_places")
    table = tmp_path / "new.csv"
    table.write_text(
        "code,parent,level,name,short_name\n"
        f"{GARDEN_CITY},350581001000,unit,新花园社区居委会,新花园社区\n"
    )
    assert "1 changed" in run("load_places", table)
    assert gazetteer().resolve("新花园").code == GARDEN_CITY


def test_the_gazetteer_follows_the_table() -> None:
    make_division(GARDEN_CITY)
    assert gazetteer().resolve("湖滨街道花园城社区").code == GARDEN_CITY
    with pytest.raises(UnknownPlace):
        gazetteer().resolve("锦江村")
    make_division("350581102202")
    assert gazetteer("350581").resolve("石狮市锦江村").code == "350581102202"
    retire_divisions(codes=[GARDEN_CITY], last_day=date(2020, 1, 1))
    with pytest.raises(UnknownPlace):
        gazetteer().resolve("花园城社区")


def test_asking_for_the_gazetteer_again_costs_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    make_division(GARDEN_CITY)
    gazetteer()
    with django_assert_num_queries(1):
        gazetteer()


def test_an_ambiguous_name_stays_ambiguous() -> None:
    make_division("350581103202")
    for code in ("350581001050", "350581102250"):
        make_division(code)
    Division.objects.filter(code__in=["350581001050", "350581102250"]).update(
        name="东村社区居委会", short_name="东村社区"
    )
    gazetteer.__globals__["_gazetteer"].cache_clear()
    with pytest.raises(AmbiguousPlace):
        gazetteer().resolve("东村社区")


def china(folder: Path) -> Path:
    files = {
        "provinces": [{"code": "35", "name": "福建省"}, {"code": "44", "name": "广东省"}],
        "cities": [
            {"code": "3505", "name": "泉州市", "provinceCode": "35"},
            {"code": "4419", "name": "东莞市", "provinceCode": "44"},
        ],
        "areas": [
            {"code": "350582", "name": "晋江市", "cityCode": "3505"},
            {"code": "350581", "name": "石狮市", "cityCode": "3505"},
            {"code": "441900", "name": "东莞市", "cityCode": "4419"},
        ],
        "streets": [
            {"code": "350582001", "name": "青阳街道", "areaCode": "350582"},
            {"code": "350581400", "name": "石狮高新区", "areaCode": "350581"},
            {"code": "441900003", "name": "东城街道", "areaCode": "441900"},
        ],
        "villages": [
            {"code": "350582001004", "name": "青新社区居委会", "streetCode": "350582001"},
            {"code": "350581400498", "name": "高新区虚拟社区", "streetCode": "350581400"},
            {"code": "441900003001", "name": "岗贝社区居民委员会", "streetCode": "441900003"},
        ],
    }
    for name, rows in files.items():
        (folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False))
    return folder


def test_one_county_comes_with_the_places_around_it_only(tmp_path: Path) -> None:
    run("import_divisions", "--county", "350582", "--from", str(china(tmp_path)))
    codes = list(Division.objects.values_list("code", flat=True))
    assert codes == [
        "350000000000", "350500000000", "350582000000", "350582001000", "350582001004",
    ]  # fmt: skip
    assert Division.objects.get(pk="350582001004").short_name == "青新社区"


def test_the_whole_country_leaves_virtual_units_and_doubles_out(tmp_path: Path) -> None:
    run("import_divisions", "--all", "--from", str(china(tmp_path)))
    assert not Division.objects.filter(code__startswith="350581400").exists()
    dongcheng = Division.objects.get(pk="441900003000")
    assert dongcheng.parent_id == "441900000000"
    assert "0 added, 0 changed" in run("import_divisions", "--all", "--from", str(tmp_path))


def test_a_county_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="999999"):
        run("import_divisions", "--county", "999999", "--from", str(china(tmp_path)))
    assert not Division.objects.exists()


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"villages\.json"):
        run("import_divisions", "--all", "--from", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("花园城社区居委会", Level.COMMUNITY, "花园城社区"),
        ("岗贝社区居民委员会", Level.COMMUNITY, "岗贝社区"),
        ("锦江村委会", Level.COMMUNITY, "锦江村"),
        ("东风村村民委员会", Level.COMMUNITY, "东风村"),
        ("万柳生活区", Level.COMMUNITY, "万柳生活区"),
        ("湖滨街道", Level.TOWN, "湖滨"),
        ("石狮市", Level.COUNTY, "石狮"),
        ("市辖区", Level.CITY, "市辖区"),
        ("广西壮族自治区", Level.PROVINCE, "广西"),
        ("沛县", Level.COUNTY, "沛县"),
    ],
)
def test_short_names_are_as_people_say_them(name: str, level: Level, short: str) -> None:
    assert short_name(name, level) == short
