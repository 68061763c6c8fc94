"""Workbooks in: preview, columns, once and only once, undo, expiry, who may."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.history import record
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.needs.models import (
    ColumnMemory,
    Import,
    ImportStatus,
    Informant,
    Interview,
    Method,
    Need,
    Statement,
    Study,
    StudyStatus,
)
from sanshe.needs.selectors.statements import original_pieces
from sanshe.needs.services import import_files as service
from sanshe.needs.services import uploads
from sanshe.needs.services.import_files import AlreadyImported, expire_imports
from sanshe.needs.services.imports import (
    choose_columns,
    confirm_import,
    import_workbook,
    start_import,
    store_import,
    undo_import,
)
from sanshe.needs.services.workbooks import Choices
from sanshe.needs.tasks import imports as task
from sanshe.needs.tests.factories import make_need, make_need_type, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("midsummer")]

PLAIN = [
    ["反映内容", "受访对象", "日期"],
    ["楼道灯坏了两个月", "老人会", "2026-03-01"],
    ["孩子放学没人接", "普通居民", "2026-03-02"],
    ["电动车没地方充电", "网格员", "2026-03-02"],
]


@pytest.fixture
def midsummer() -> Any:
    with time_machine.travel("2026-07-01T04:00:00+00:00", tick=False) as clock:
        yield clock


def workbook(*tables: list[list[Any]], names: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for number, rows in enumerate(tables):
        sheet = book.create_sheet(names[number] if names else f"表{number + 1}")
        for row in rows:
            sheet.append(row)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def upload(study: Study, actor: User, rows: list[list[Any]] | None = None) -> Import:
    content = workbook(rows or PLAIN)
    return start_import(study=study, file_name="访谈.xlsx", content=content, actor=actor)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# preview -----------------------------------------------------------------------------------------


def test_an_upload_is_a_preview_and_stores_no_statement(cast: Cast, study: Study) -> None:
    made = upload(study, cast.social_worker)
    assert (made.status, made.found, made.rejected) == (ImportStatus.PREVIEW, 3, 0)
    assert not Statement.objects.exists()
    assert made.preview["rows"][0]["informant"] == "老人会"


def test_the_preview_and_the_kept_upload_hold_no_readable_phone_number(
    cast: Cast, study: Study
) -> None:
    rows = [["反映内容"], ["有事打我电话13805951234，我妈一个人住"]]
    made = upload(study, cast.social_worker, rows)
    assert "13805951234" not in str(made.preview)
    assert "我妈一个人住" in str(made.preview)
    with default_storage.open(made.stored) as file:
        kept = file.read()
    assert b"PK" not in kept[:10] and b"13805951234" not in kept
    assert uploads.content_of(made.stored)[:2] == b"PK"


def test_a_messy_workbook_is_imported_row_by_row_and_its_bad_rows_come_back(
    cast: Cast, study: Study
) -> None:
    elders = [
        ["花园城社区走访记录表（2026年）", None, None, None],
        [None, None, None, None],
        ["序号", "反映的问题", "走访日期", "社区"],
        [1, "老人食堂什么时候开", "3月5日", "花园城社区"],
        [2, "上下楼没电梯", date(2026, 3, 5), "花园城"],
        [3, None, "3月6日", "花园城社区"],
        [4, "健身器材坏了", "2月30日", "花园城社区"],
        [5, "村口积水", "3月7日", "锦江村"],
        ["合计", 5, None, None],
    ]
    riders = [["诉求"], ["夏天没地方歇脚"], ["打13905957777找我"]]
    content = workbook(elders, riders, names=("老人会", "流动人口"))
    made = start_import(
        study=study, file_name="走访.xlsx", content=content, actor=cast.social_worker
    )
    assert (made.found, made.rejected) == (4, 3)
    assert [(e["sheet"], e["row"]) for e in made.errors] == [("老人会", 6), ("老人会", 7),
                                                            ("老人会", 8)]  # fmt: skip
    assert "其他社区" in made.errors[2]["message"]
    done = store_import(import_=confirm_import(import_=made, actor=cast.social_worker))
    assert done.status == ImportStatus.DONE
    stored = Statement.objects.order_by("ordinal")
    assert [s.ordinal for s in stored] == [1, 2, 3, 4]
    assert [(s.sheet, s.row) for s in stored][:2] == [("老人会", 4), ("老人会", 5)]
    assert {i.informant for i in Interview.objects.all()} == {Informant.ELDERS, Informant.MIGRANT}
    assert {i.held_on for i in Interview.objects.all()} == {date(2026, 3, 5), None}
    masked = stored.last()
    assert masked is not None and "13905957777" not in masked.text
    assert "".join(p.text for p in original_pieces(masked)) == "打13905957777找我"

    sheet = openpyxl.load_workbook(io.BytesIO(service.error_sheet_of(done)))["老人会"]
    back = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert back[0][:4] == ["序号", "反映的问题", "走访日期", "社区"]
    assert "错误原因" in back[0] and len(back) == 4


def test_a_mended_error_sheet_is_imported_as_it_is(cast: Cast, study: Study) -> None:
    made = upload(study, cast.social_worker, [*PLAIN, ["路不平", "普通居民", "2026-02-30"]])
    sheet = openpyxl.load_workbook(io.BytesIO(service.error_sheet_of(made)))
    sheet.active["C2"] = "2026-03-08"  # type: ignore[index]
    memory = io.BytesIO()
    sheet.save(memory)
    again = start_import(
        study=study, file_name="改好.xlsx", content=memory.getvalue(), actor=cast.social_worker
    )
    assert (again.found, again.rejected) == (1, 0)
    assert again.preview["rows"][0]["text"] == "路不平"


def test_a_day_after_today_is_a_problem_of_its_row(cast: Cast, study: Study) -> None:
    made = upload(study, cast.social_worker, [*PLAIN, ["路不平", "普通居民", "2026-08-01"]])
    assert (made.found, made.rejected) == (3, 1)
    assert "今天之后" in made.errors[0]["message"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"<html><body>no table</body></html>", "实际是"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\x00\x01\x02" * 100, "。"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    content: bytes, words: str, cast: Cast, study: Study
) -> None:
    with pytest.raises(BadEntry, match=words):
        start_import(study=study, file_name="坏.xlsx", content=content, actor=cast.social_worker)
    assert not Import.objects.exists()


def test_a_file_above_the_limit_is_refused(cast: Cast, study: Study, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(BadEntry, match="超过"):
        upload(study, cast.social_worker)


# columns -----------------------------------------------------------------------------------------


def test_an_unknown_heading_is_chosen_by_hand_and_remembered_for_the_organisation(
    cast: Cast, study: Study
) -> None:
    rows = [["甲栏", "乙栏"], ["楼道灯坏了两个月了", "老人会"], ["孩子放学没人接送", "网格员"]]
    made = upload(study, cast.social_worker, rows)
    assert made.found == 0 and made.preview["refusal"]
    assert [c["heading"] for c in made.preview["columns"]] == ["甲栏", "乙栏"]
    with pytest.raises(BadEntry, match="没有可以导入的行"):
        confirm_import(import_=made, actor=cast.social_worker)
    chosen = Choices({"text": "甲栏", "informant": "乙栏"})
    made = choose_columns(import_=made, choices=chosen, actor=cast.social_worker)
    assert (made.found, made.preview["refusal"]) == (2, "")
    confirm_import(import_=made, actor=cast.social_worker)
    assert dict(ColumnMemory.objects.values_list("heading", "field")) == {
        "甲栏": "text", "乙栏": "informant"}  # fmt: skip

    again = upload(study, cast.social_worker, [*rows, ["又一条诉求在这里", "保安"]])
    assert again.found == 3
    other = make_study(organization=cast.other_agency, community=cast.community)
    assert upload(other, cast.stranger, rows).found == 0


def test_a_column_can_be_left_out_and_empty_cells_filled(cast: Cast, study: Study) -> None:
    rows = [["反映内容", "类别"], ["楼道灯坏了两个月", "老人会"]]
    made = upload(study, cast.social_worker, rows)
    assert made.preview["rows"][0]["informant"] == "老人会"
    choices = Choices({"informant": "-"}, informant=Informant.RESIDENT, method=Method.SURV)
    made = choose_columns(import_=made, choices=choices, actor=cast.social_worker)
    row = made.preview["rows"][0]
    assert (row["informant"], row["method"]) == ("普通居民", "问卷")


def test_forgetting_a_choice_forgets_it_for_the_organisation(cast: Cast, study: Study) -> None:
    ColumnMemory.objects.create(organization=cast.agency, heading="类别", field="method")
    rows = [["反映内容", "类别"], ["楼道灯坏了两个月", "访谈"]]
    made = upload(study, cast.social_worker, rows)
    assert made.mapping == {"method": "类别"}
    made = choose_columns(import_=made, choices=Choices(), actor=cast.social_worker)
    confirm_import(import_=made, actor=cast.social_worker)
    assert not ColumnMemory.objects.exists()


def test_columns_are_chosen_on_the_page(cast: Cast, study: Study) -> None:
    rows = [["甲栏", "乙栏"], ["楼道灯坏了两个月了", "老人会"]]
    made = upload(study, cast.social_worker, rows)
    client = signed_in(cast.social_worker)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "甲栏" in page and "请在下面选出" in page
    address = reverse("needs:import_columns", args=[made.pk])
    fill = {"fill_informant": "other", "fill_method": "INTV"}
    twice = client.post(address, {"text": "甲栏", "informant": "甲栏", **fill})
    assert twice.status_code == 422 and "已用于另一项" in twice.content.decode()
    assert client.post(address, {**fill}).status_code == 422
    assert client.post(address, {"text": "甲栏", **fill}).status_code == 302
    made.refresh_from_db()
    assert made.found == 1


# once and only once ------------------------------------------------------------------------------


def test_a_second_confirmation_changes_nothing(cast: Cast, study: Study) -> None:
    made = upload(study, cast.social_worker)
    confirmed = confirm_import(import_=made, actor=cast.social_worker)
    with pytest.raises(NotNow, match="不会重复导入"):
        confirm_import(import_=made, actor=cast.social_worker)
    for _ in range(2):
        store_import(import_=confirmed)
    assert Statement.objects.count() == 3
    assert HistoryLine.objects.filter(subject="needs.import", verb="store").count() == 1


def test_a_double_post_imports_once(cast: Cast, study: Study) -> None:
    made = upload(study, cast.social_worker)
    client = signed_in(cast.social_worker)
    address = reverse("needs:import_confirm", args=[made.pk])
    answers = [client.post(address), client.post(address)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Statement.objects.count() == 3


def test_the_same_file_twice_is_refused_with_a_link_to_the_first(cast: Cast, study: Study) -> None:
    content = workbook(PLAIN)
    first = start_import(study=study, file_name="a.xlsx", content=content, actor=cast.manager)
    with pytest.raises(AlreadyImported) as caught:
        start_import(study=study, file_name="b.xlsx", content=content, actor=cast.social_worker)
    assert caught.value.earlier == first
    file = SimpleUploadedFile("c.xlsx", content)
    response = signed_in(cast.social_worker).post(
        reverse("needs:import_create", args=[study.pk]), {"file": file}
    )
    assert response.status_code == 422
    assert first.get_absolute_url() in response.content.decode()


def test_the_same_file_goes_into_another_study(cast: Cast, study: Study) -> None:
    content = workbook(PLAIN)
    other = make_study("另一个", organization=cast.agency)
    for one in (study, other):
        start_import(study=one, file_name="a.xlsx", content=content, actor=cast.manager)
    assert Import.objects.count() == 2


def test_a_long_file_is_handed_to_the_worker(
    cast: Cast, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(task, "AT_ONCE", 2)
    monkeypatch.setattr(type(task.store), "enqueue", lambda self, pk: handed.append(pk))
    made = upload(study, cast.social_worker)
    client = signed_in(cast.social_worker)
    client.post(reverse("needs:import_confirm", args=[made.pk]))
    assert handed == [made.pk]
    made.refresh_from_db()
    assert made.status == ImportStatus.RUNNING and not Statement.objects.exists()
    page = client.get(made.get_absolute_url()).content.decode()
    assert "every 2s" in page and "正在导入 3 条" in page
    part = client.get(made.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "import-state" in part
    task.store.func(made.pk)
    assert Statement.objects.count() == 3
    part = client.get(made.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part and "已导入 3 条" in part


def test_a_dead_worker_is_said_and_the_import_may_be_queued_again(
    cast: Cast, study: Study, monkeypatch: pytest.MonkeyPatch, midsummer: Any
) -> None:
    made = confirm_import(import_=upload(study, cast.social_worker), actor=cast.social_worker)
    client = signed_in(cast.social_worker)
    assert "重新排队" not in client.get(made.get_absolute_url()).content.decode()
    midsummer.shift(timedelta(minutes=11))
    client.force_login(cast.social_worker)
    assert "重新排队" in client.get(made.get_absolute_url()).content.decode()
    client.post(reverse("needs:import_confirm", args=[made.pk]))
    assert Statement.objects.count() == 3


def test_a_study_closed_meanwhile_fails_the_import_with_a_reason(cast: Cast, study: Study) -> None:
    made = confirm_import(import_=upload(study, cast.social_worker), actor=cast.social_worker)
    Study.objects.update(status=StudyStatus.FINAL)
    failed = store_import(import_=made)
    assert failed.status == ImportStatus.FAILED and "补充采集" in failed.problem
    assert not Statement.objects.exists()
    Study.objects.update(status=StudyStatus.COLLECTING)
    again = confirm_import(import_=failed, actor=cast.social_worker)
    assert store_import(import_=again).status == ImportStatus.DONE


# after the import --------------------------------------------------------------------------------


def test_the_upload_is_gone_after_the_import(
    cast: Cast, study: Study, django_capture_on_commit_callbacks: Any
) -> None:
    made = upload(study, cast.social_worker)
    with django_capture_on_commit_callbacks(execute=True):
        done = store_import(import_=confirm_import(import_=made, actor=cast.social_worker))
    assert done.stored == ""
    assert not default_storage.exists(made.stored)


def test_statements_stored_are_announced(
    cast: Cast, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "sanshe.needs.services.interviews.announce", lambda event, pk: told.append((event, pk))
    )
    done = confirm_import(import_=upload(study, cast.social_worker), actor=cast.social_worker)
    store_import(import_=done)
    assert told == [("statements.stored", study.pk)]


def test_undoing_takes_every_statement_out_and_the_file_may_come_again(
    cast: Cast, study: Study
) -> None:
    content = workbook(PLAIN)
    made = start_import(study=study, file_name="a.xlsx", content=content, actor=cast.manager)
    done = store_import(import_=confirm_import(import_=made, actor=cast.manager))
    alone = make_need(study, statements=Statement.objects.all()[:1])
    undone = undo_import(import_=done, actor=cast.social_worker)
    assert undone.status == ImportStatus.UNDONE
    assert not Statement.objects.exists() and not Interview.objects.exists()
    assert not Need.objects.filter(pk=alone.pk).exists()
    start_import(study=study, file_name="a.xlsx", content=content, actor=cast.manager)


def test_a_need_with_other_voices_survives_the_undoing(cast: Cast, study: Study) -> None:
    done = store_import(
        import_=confirm_import(import_=upload(study, cast.manager), actor=cast.manager)
    )
    other = store_import(
        import_=confirm_import(
            import_=upload(study, cast.manager, [*PLAIN[:1], ["凳子坏了", "保安", None]]),
            actor=cast.manager,
        )
    )
    need = make_need(study, statements=Statement.objects.all())
    undo_import(import_=done, actor=cast.manager)
    assert need.statements.get().interview.source == other


@pytest.mark.parametrize("touch", ["checked", "locked", "status", "renamed"])
def test_what_people_worked_on_is_not_undone(touch: str, cast: Cast, study: Study) -> None:
    done = store_import(
        import_=confirm_import(import_=upload(study, cast.manager), actor=cast.manager)
    )
    need = make_need(study, statements=Statement.objects.all()[:1])
    if touch == "checked":
        Statement.objects.filter(pk=Statement.objects.last().pk).update(  # type: ignore[union-attr]
            checked=True, label=make_need_type("ENV03")
        )
    elif touch == "locked":
        Need.objects.update(locked=True)
    elif touch == "status":
        Need.objects.update(status="verified")
    else:
        record(need, "rename", actor=cast.manager)
    with pytest.raises(NotNow, match="不能整批撤销"):
        undo_import(import_=done, actor=cast.manager)
    assert Statement.objects.count() == 3
    response = signed_in(cast.manager).post(reverse("needs:import_undo", args=[done.pk]))
    assert response.status_code == 422


def test_an_upload_nobody_confirms_is_forgotten_after_a_day(
    cast: Cast, study: Study, midsummer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made = upload(study, cast.social_worker, [*PLAIN, ["路不平", "普通居民", "2026-02-30"]])
    assert expire_imports(now=timezone.now()) == 0
    midsummer.shift(timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_imports(now=timezone.now()) == 1
    assert not default_storage.exists(made.stored)
    assert not default_storage.exists(made.error_sheet)
    made.refresh_from_db()
    assert (made.status, made.preview, made.errors) == (ImportStatus.EXPIRED, {}, [])
    with pytest.raises(NotNow):
        confirm_import(import_=made, actor=cast.social_worker)
    upload(study, cast.social_worker, [*PLAIN, ["路不平", "普通居民", "2026-02-30"]])


def test_leftovers_of_a_crash_are_swept_after_a_day(midsummer: Any) -> None:
    lost = uploads.keep(b"words of residents")
    assert expire_imports(now=timezone.now()) == 0
    assert default_storage.exists(lost)
    midsummer.shift(timedelta(hours=25))
    expire_imports(now=timezone.now())
    assert not default_storage.exists(lost)


def test_an_error_sheet_waits_a_day_after_the_import(
    cast: Cast, study: Study, midsummer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    bad = [*PLAIN, ["路不平", "普通居民", "2026-02-30"]]
    done = store_import(
        import_=confirm_import(import_=upload(study, cast.manager, bad), actor=cast.manager)
    )
    client = signed_in(cast.manager)
    address = reverse("needs:import_errors", args=[done.pk])
    assert client.get(address)["Content-Disposition"].startswith("attachment")
    assert AccessLine.objects.exclude(verb="sign_in").get().verb == "export"
    midsummer.shift(timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_imports(now=timezone.now()) == 1
    client.force_login(cast.manager)
    assert client.get(address).status_code == 302
    done.refresh_from_db()
    assert done.status == ImportStatus.DONE


def test_a_workbook_goes_in_in_one_call(cast: Cast, study: Study, tmp_path: Any) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_bytes(workbook(PLAIN))
    done = import_workbook(study=study, path=path, actor=cast.social_worker)
    assert (done.status, done.found) == (ImportStatus.DONE, 3)


# who may -----------------------------------------------------------------------------------------

ADDRESSES = ("import", "import_confirm", "import_undo", "import_errors", "import_columns")


@pytest.mark.parametrize("role", Role)
def test_only_collectors_of_the_agency_upload(role: Role, cast: Cast, study: Study) -> None:
    person = make_member(role)
    if role in {Role.SW, Role.AGENCY}:
        assert upload(study, person).found == 3
    else:
        with pytest.raises(NotPermitted):
            upload(study, person)
        assert not Import.objects.exists()


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.SW, Role.AGENCY}])
def test_nobody_else_reaches_an_import(role: Role, name: str, cast: Cast, study: Study) -> None:
    made = upload(study, cast.social_worker)
    client = signed_in(make_member(role))
    address = reverse(f"needs:{name}", args=[made.pk])
    statuses = {client.get(address).status_code, client.post(address).status_code}
    assert statuses <= {403, 404, 405, 302} and 200 not in statuses
    made.refresh_from_db()
    assert made.status == ImportStatus.PREVIEW and not Statement.objects.exists()


def test_a_stranger_gets_404_and_a_signed_out_person_the_sign_in_page(
    cast: Cast, study: Study
) -> None:
    made = upload(study, cast.social_worker)
    for name in ADDRESSES:
        address = reverse(f"needs:{name}", args=[made.pk])
        assert signed_in(cast.stranger).post(address).status_code in {404, 405}
        assert Client().post(address).status_code in {302, 405}
    create = reverse("needs:import_create", args=[study.pk])
    assert signed_in(cast.stranger).get(create).status_code == 404
    assert signed_in(cast.community_worker).get(create).status_code == 403
    assert Client().get(create).status_code == 302


def test_a_final_study_takes_no_workbook_and_says_what_to_do(cast: Cast, study: Study) -> None:
    Study.objects.update(status=StudyStatus.FINAL)
    study.refresh_from_db()
    with pytest.raises(NotNow, match="补充采集"):
        upload(study, cast.social_worker)
    page = signed_in(cast.social_worker).get(reverse("needs:import_create", args=[study.pk]))
    assert page.status_code == 200 and "补充采集" in page.content.decode()
