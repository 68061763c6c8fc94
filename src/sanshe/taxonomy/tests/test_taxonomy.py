from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sanshe.core.errors import NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.organizations.models import Role
from sanshe.organizations.selectors import scope_of
from sanshe.organizations.tests.factories import make_member
from sanshe.taxonomy.models import Field, NeedType
from sanshe.taxonomy.selectors import open_need_types
from sanshe.taxonomy.services import edit_need_type
from sanshe.taxonomy.tests.factories import make_need_type

pytestmark = pytest.mark.django_db
HEAD = "code,parent,name_zh,name_en,safety,keywords\n"


def load(*args: object, **options: object) -> str:
    out = StringIO()
    call_command("load_taxonomy", *args, stdout=out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def edit(code: str, keywords: list[str], role: Role = Role.SYS) -> NeedType:
    actor = make_member(role)
    need_type = NeedType.objects.get(pk=code)
    return edit_need_type(
        need_type=need_type, name_zh=need_type.name_zh, name_en=need_type.name_en,
        keywords=keywords, actor=actor, reach=scope_of(actor, timezone.localdate()),
    )  # fmt: skip


def test_the_shipped_tree_is_loaded_once_and_again_without_change() -> None:
    assert "105 added" in load()
    assert (Field.objects.count(), NeedType.objects.count()) == (16, 89)
    assert "0 added, 0 changed, 0 retired, 105 unchanged" in load()


def test_a_dry_run_writes_nothing() -> None:
    assert "105 would be added" in load(dry_run=True)
    assert not Field.objects.exists()


def test_what_is_gone_from_the_file_is_retired_not_deleted(tmp_path: Path) -> None:
    load()
    small = tmp_path / "small.csv"
    small.write_text(
        HEAD + "ELD,,为老服务,Older people (60+),0,\nELD03,ELD,助餐送餐,Meals,0,送餐\n"
    )
    assert "103 retired" in load(small)
    assert NeedType.objects.count() == 89
    assert [t.code for t in open_need_types()] == ["ELD03"]


def test_a_retired_code_comes_back_as_itself_but_not_as_something_else(tmp_path: Path) -> None:
    load()
    small, other = tmp_path / "small.csv", tmp_path / "other.csv"
    small.write_text(HEAD + "ELD,,为老服务,Older people (60+),0,\n")
    other.write_text(HEAD + "ELD,,为老服务,Older people (60+),0,\nELD03,ELD,别的事,Other,0,\n")
    load(small)
    with pytest.raises(CommandError, match="ELD03"):
        load(other)
    load()
    assert not NeedType.objects.exclude(retired_on=None).exists()


def test_words_the_city_changed_survive_the_next_load() -> None:
    load()
    edit("ELD03", ["爱心餐", "爱心餐", " 送饭 "])
    assert "words kept: ELD03" in load()
    assert NeedType.objects.get(pk="ELD03").keywords == ["爱心餐", "送饭"]
    assert HistoryLine.objects.get(subject="taxonomy.needtype").verb == "edit"


def test_only_the_system_administrator_edits() -> None:
    make_need_type()
    with pytest.raises(NotPermitted):
        edit("ELD03", ["饭"], role=Role.CITY)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_member(role))
    return client


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYS, Role.SEC, Role.AUD}))
def test_everyone_at_work_reads_the_tree_and_nobody_of_them_edits(role: Role) -> None:
    make_need_type()
    client = signed_in(role)
    assert "助餐送餐" in client.get(reverse("taxonomy:list")).text
    assert client.get(reverse("taxonomy:detail", args=["ELD03"])).status_code == 200
    assert client.get(reverse("taxonomy:edit", args=["ELD03"])).status_code == 403


def test_the_auditor_reads_logs_only() -> None:
    make_need_type()
    response = signed_in(Role.AUD).get(reverse("taxonomy:detail", args=["ELD03"]))
    assert response.status_code in {302, 404}


def test_a_type_is_found_by_keyword_and_a_miss_says_what_to_do() -> None:
    make_need_type("ELD03")
    make_need_type("ENV02")
    client = signed_in(Role.SW)
    found = client.get(reverse("taxonomy:list"), {"q": "送餐"}).text
    assert "助餐送餐" in found and "停车与交通" not in found
    assert "换一个说法" in client.get(reverse("taxonomy:list"), {"q": "没有这个"}).text


def test_safety_types_say_how_they_are_handled() -> None:
    make_need_type("CHD08")
    page = signed_in(Role.SW).get(reverse("taxonomy:detail", args=["CHD08"])).text
    assert "P0" in page


def test_the_tree_costs_the_same_for_one_leaf_and_for_all() -> None:
    make_need_type()
    client = signed_in(Role.SW)
    client.get(reverse("taxonomy:list"))
    counts = []
    for whole in (False, True):
        if whole:
            load()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("taxonomy:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_signed_out_people_get_no_page(client: Client) -> None:
    make_need_type()
    assert client.get(reverse("taxonomy:list")).status_code == 302
    assert client.get(reverse("taxonomy:detail", args=["ELD03"])).status_code == 302
