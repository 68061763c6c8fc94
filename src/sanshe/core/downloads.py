"""Files for people to take away, with names in Chinese that every browser understands."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from sanshe.office.write import SheetOut, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A response that the browser saves under `name` and never shows or caches."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def workbook(name: str, sheets: Sequence[SheetOut]) -> HttpResponse:
    """The sheets as an Excel file. Log the export before calling (`record_access`)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_xlsx(path, sheets)
        return download(path.read_bytes(), name, XLSX)
