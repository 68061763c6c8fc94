"""Workbooks of offers: looked at first, brought in once, taken back, forgotten after a day."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from sanshe.accounts.tests.factories import make_user
from sanshe.core.errors import NotNow
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.matching.models import Offer, OfferImport
from sanshe.matching.services.offer_imports import (
    confirm_offer_import,
    expire_offer_imports,
    start_offer_import,
    undo_offer_import,
)
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.tests.factories import make_need, make_need_type, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_cast, make_member

pytestmark = pytest.mark.django_db

HEAD = "服务名称,对应需求,可承接数量,单位成本(元)"
TABLE = f"{HEAD}\n四点半课堂,CHD01,10,20\n没有名额,CHD01,很多,1\n"


@pytest.fixture
def cast() -> Cast:
    make_need_type("CHD01")
    return make_cast()


def uploaded(cast: Cast, table: str = TABLE) -> OfferImport:
    return start_offer_import(
        organization=cast.agency,
        file_name="资源.csv",
        content=table.encode(),
        actor=cast.manager,
    )


def brought_in(cast: Cast, table: str = TABLE) -> OfferImport:
    return confirm_offer_import(import_=uploaded(cast, table), actor=cast.manager)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def address(step: str, import_: OfferImport) -> str:
    return reverse(f"matching:offer_import_{step}", args=[import_.pk])


def test_a_workbook_is_shown_first_and_imported_without_being_chosen_again(cast: Cast) -> None:
    client = signed_in(cast.manager)
    file = SimpleUploadedFile("资源.csv", TABLE.encode())
    form = {"organization": cast.agency.pk, "file": file}
    page = client.post(reverse("matching:offer_import"), form, follow=True).content.decode()
    assert "四点半课堂" in page and "确认导入 1 项" in page
    assert not Offer.objects.exists()

    kept = OfferImport.objects.get()
    for _click in range(2):
        answer = client.post(address("confirm", kept), follow=True)
        assert answer.status_code == 200
    offer = Offer.objects.get()
    assert (offer.title, offer.capacity, offer.unit_cost_fen) == ("四点半课堂", 10, 2000)
    assert "不会重复导入" in answer.content.decode()
    assert HistoryLine.objects.filter(subject="matching.offerimport", verb="import").count() == 1


def test_a_file_that_is_no_table_is_refused_in_words_and_not_kept(cast: Cast) -> None:
    form = {
        "organization": cast.agency.pk,
        "file": SimpleUploadedFile("offers.xlsx", b"<html>no</html>"),
    }
    answer = signed_in(cast.manager).post(reverse("matching:offer_import"), form)
    assert answer.status_code == 422
    assert "offers.xlsx" in answer.content.decode()
    assert not OfferImport.objects.exists()


def test_nobody_uploads_for_somebody_else(cast: Cast) -> None:
    form = {
        "organization": cast.other_agency.pk,
        "file": SimpleUploadedFile("资源.csv", TABLE.encode()),
    }
    answer = signed_in(cast.manager).post(reverse("matching:offer_import"), form)
    assert answer.status_code == 422
    assert not OfferImport.objects.exists()


def test_a_kept_file_is_there_for_its_uploader_alone(cast: Cast) -> None:
    kept = uploaded(cast)
    colleague = make_member(Role.AGENCY, organization=cast.agency, user=make_user("colleague"))
    for person in (colleague, cast.stranger, cast.social_worker):
        client = signed_in(person)
        assert client.get(kept.get_absolute_url()).status_code == 404
        assert client.get(address("errors", kept)).status_code == 404
        assert client.post(address("confirm", kept)).status_code == 404
        assert client.post(address("undo", kept)).status_code == 404
    assert not Offer.objects.exists()


def test_the_kept_file_is_sealed_on_the_disk(cast: Cast) -> None:
    with default_storage.open(uploaded(cast).stored) as file:
        assert "四点半课堂".encode() not in file.read()


def test_the_error_sheet_can_be_mended_and_uploaded_again(cast: Cast) -> None:
    answer = signed_in(cast.manager).get(address("errors", uploaded(cast)))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == tuple(HEAD.split(","))
    assert [row[0] for row in rows[1:]] == ["没有名额"]
    line = AccessLine.objects.get(verb="export")
    assert (line.subject, line.rows, line.actor) == ("matching.offerimport", 1, cast.manager)


def test_a_failure_in_the_middle_leaves_nothing_half_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanshe.matching.services import offers

    kept = uploaded(cast, f"{HEAD}\n甲,CHD01,1,1\n乙,CHD01,1,1\n")
    save = offers.save_offer

    def fails_at_the_second(**facts: Any) -> Offer:
        if facts["facts"].title == "乙":
            raise RuntimeError
        return save(**facts)

    monkeypatch.setattr(offers, "save_offer", fails_at_the_second)
    with pytest.raises(RuntimeError):
        confirm_offer_import(import_=kept, actor=cast.manager)
    kept.refresh_from_db()
    assert not Offer.objects.exists()
    assert kept.imported_at is None


def test_undoing_deletes_what_is_new_and_restores_what_was_there(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    old = make_offer("四点半课堂", organization=cast.agency, capacity=3, codes=("ENV03",))
    done = brought_in(cast, f"{HEAD}\n四点半课堂,CHD01,10,20\n周末托管,CHD01,5,0\n")
    old.refresh_from_db()
    assert old.capacity == 10 and Offer.objects.count() == 2

    with django_capture_on_commit_callbacks(execute=True):
        undo_offer_import(import_=done, actor=cast.manager)
    old.refresh_from_db()
    assert Offer.objects.get() == old
    assert (old.capacity, [leaf.pk for leaf in old.need_types.all()]) == (3, ["ENV03"])
    assert not OfferImport.objects.exists()
    assert not default_storage.exists(done.stored)
    assert HistoryLine.objects.filter(subject="matching.offerimport", verb="undo").exists()


@pytest.mark.parametrize("touch", ["changed", "matched"])
def test_what_people_worked_on_is_not_undone(cast: Cast, touch: str) -> None:
    done = brought_in(cast)
    offer = Offer.objects.get()
    if touch == "changed":
        Offer.objects.update(capacity=99)
    else:
        study = make_study(organization=cast.agency, community=cast.community)
        make_match(make_run(study), make_need(study), offer)
    with pytest.raises(NotNow, match="四点半课堂"):
        undo_offer_import(import_=done, actor=cast.manager)
    assert Offer.objects.exists() and OfferImport.objects.exists()
    answer = signed_in(cast.manager).post(address("undo", done))
    assert answer.status_code == 422
    assert "不能整批撤销" in answer.content.decode()


def test_a_file_not_confirmed_can_be_given_up(cast: Cast) -> None:
    kept = uploaded(cast)
    answer = signed_in(cast.manager).post(address("undo", kept), follow=True)
    assert "已放弃这个文件" in answer.content.decode()
    assert not OfferImport.objects.exists()


def test_a_file_is_forgotten_after_a_day_and_the_offers_stay(
    cast: Cast, time_machine: TimeMachineFixture, django_capture_on_commit_callbacks: Any
) -> None:
    time_machine.move_to("2026-06-15 12:00:00+08:00", tick=False)
    done = brought_in(cast)
    assert expire_offer_imports(now=timezone.now()) == 0
    time_machine.shift(timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_offer_imports(now=timezone.now()) == 1
    assert not default_storage.exists(done.stored)
    assert Offer.objects.exists()


def test_a_file_that_is_gone_is_asked_for_again(cast: Cast) -> None:
    kept = uploaded(cast)
    default_storage.delete(kept.stored)
    answer = signed_in(cast.manager).get(kept.get_absolute_url(), follow=True)
    assert "请再上传一次" in answer.content.decode()


def test_a_file_without_a_good_row_cannot_be_confirmed(cast: Cast) -> None:
    kept = uploaded(cast, f"{HEAD}\n没有名额,CHD01,很多,1\n")
    client = signed_in(cast.manager)
    assert "确认导入" not in client.get(kept.get_absolute_url()).content.decode()
    answer = client.post(address("confirm", kept))
    assert answer.status_code == 422
    assert "没有可以导入的服务资源" in answer.content.decode()


def test_a_number_in_a_file_of_offers_is_shown_and_kept_masked(cast: Cast) -> None:
    phone = "13805951234"
    made = start_offer_import(
        organization=cast.agency,
        file_name=f"阿秀{phone}.csv",
        content=f"{HEAD}\n理发找{phone},CHD01,10,20\n送餐,CHD01,{phone}位,1\n".encode(),
        actor=cast.manager,
    )
    assert made.file_name == "阿秀138****1234.csv"
    words = signed_in(cast.manager).get(made.get_absolute_url()).content.decode()
    assert phone not in words and words.count("138****1234") >= 3
    confirm_offer_import(import_=made, actor=cast.manager)
    assert Offer.objects.get().title == "理发找138****1234"
    # Brought in again, it is the same offer.
    brought_in(cast, f"{HEAD}\n理发找{phone},CHD01,12,20\n")
    assert Offer.objects.get().capacity == 12
    back = signed_in(cast.manager).get(address("errors", made))
    assert f"{phone}位" in str(workbook_cells(back.content))


def test_more_units_than_any_offer_has_are_a_bad_row(cast: Cast) -> None:
    made = uploaded(cast, f"{HEAD}\n送餐,CHD01,3000000000,1\n")
    assert (made.found, made.rejected) == (0, 1)
    words = signed_in(cast.manager).get(made.get_absolute_url()).content.decode()
    assert "“3000000000”太大，最多 1000000" in words


def workbook_cells(content: bytes) -> list[object]:
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [cell.value for row in sheet.iter_rows() for cell in row]
