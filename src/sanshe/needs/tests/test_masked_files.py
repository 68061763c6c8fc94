"""What a workbook says beside its statements: names of files and sheets, cells in messages."""

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sanshe.core.models import HistoryLine
from sanshe.needs.models import Import, Statement, Study
from sanshe.needs.services import imports as service
from sanshe.needs.services.import_files import error_sheet_of
from sanshe.needs.tests.test_imports import workbook
from sanshe.organizations.tests.factories import Cast

pytestmark = pytest.mark.django_db

PHONE = "13805951234"
ROWS = [
    ["反映内容", "走访日期", "社区"],
    ["路灯不亮", "2026-03-05", "花园城社区"],
    ["没有地方坐", PHONE, "花园城社区"],
    ["停车难", "2026-03-05", f"阿秀{PHONE}"],
]


@pytest.fixture(autouse=True)
def midsummer() -> object:
    with time_machine.travel(date(2026, 7, 1)):
        yield


def uploaded(cast: Cast, study: Study) -> Import:
    return service.start_import(
        study=study,
        file_name=f"阿秀{PHONE}.xlsx",
        content=workbook(ROWS, names=(f"阿秀 {PHONE}",)),
        actor=cast.social_worker,
    )


def test_an_import_keeps_no_number_of_its_file_its_sheets_and_its_bad_cells(
    cast: Cast, study: Study
) -> None:
    made = uploaded(cast, study)
    assert (made.found, made.rejected) == (1, 2)
    assert made.file_name == "阿秀138****1234.xlsx"
    kept = f"{made.preview} {made.errors} {made.warnings} {made.mapping}"
    assert PHONE not in kept
    assert "阿秀 138****1234" in kept and "138****1234" in made.errors[0]["message"]
    service.store_import(import_=service.confirm_import(import_=made, actor=cast.social_worker))
    assert Statement.objects.get().sheet == "阿秀 138****1234"
    assert not [line for line in HistoryLine.objects.all() if PHONE in f"{line.note}{line.changes}"]


def test_the_pages_of_an_import_show_none_and_its_error_sheet_gives_the_cells_back(
    cast: Cast, study: Study
) -> None:
    made = uploaded(cast, study)
    client = Client()
    client.force_login(cast.social_worker)
    assert PHONE not in client.get(made.get_absolute_url()).content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(error_sheet_of(made))).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {PHONE, f"阿秀{PHONE}"} <= cells


def test_a_file_that_is_refused_is_named_without_the_number(cast: Cast, study: Study) -> None:
    client = Client()
    client.force_login(cast.social_worker)
    file = SimpleUploadedFile(f"阿秀{PHONE}.xlsx", b"PK\x03\x04 cut short")
    page = client.post(reverse("needs:import_create", args=[study.pk]), {"file": file})
    assert page.status_code == 422
    words = page.content.decode()
    assert "138****1234" in words and PHONE not in words


def test_a_row_about_a_person_taken_for_headings_heads_no_column(cast: Cast, study: Study) -> None:
    made = service.start_import(
        study=study,
        file_name="访谈.xlsx",
        content=workbook([[f"阿秀 {PHONE}", "说过的"], ["路灯不亮", "北门"]]),
        actor=cast.social_worker,
    )
    assert PHONE not in f"{made.preview}"
    assert [column["heading"] for column in made.preview["columns"]] == ["说过的"]
