"""What the title, the sheet's name and the cover say for all rows: year, community, informant.

A hint is taken only where everything that speaks agrees; a title that names two years names none.
"""

import re
from collections.abc import Iterable

from sanshe.office.cells import Finder, as_text
from sanshe.office.codes import INFORMANTS
from sanshe.office.dates import BadDate, DateError, full_years, read_date
from sanshe.office.reading import Part, Source
from sanshe.office.tables import Cell, Sheet

_NOTE = re.compile(r"^\s*[(（]?(说明|注|备注|填表|填写|依据|根据)")
_PLACE_LABEL = re.compile(
    r"^\s*(?:所属|所在|调研|走访|填报)?(?:社区|村|小区|社区[(（]村[)）]|村[(（]社区[)）])"
    r"(?:名称|代码)?\s*[:：]\s*(\S.*)$"
)
_PLACE_LABEL_ALONE = re.compile(
    r"^\s*(?:所属|所在|调研|走访|填报)?(?:社区|村|小区|社区[(（]村[)）]|村[(（]社区[)）])"
    r"(?:名称|代码)?\s*[:：]?\s*$"
)
_BEFORE_NAME = re.compile(r"^[\s\d一二三四五六七八九十]*[、.．\s)）-]+")
_AFTER_NAME = re.compile(
    r"(访谈|走访|座谈会?|问卷|诉求|需求|记录|登记|汇总|台账|意见|反映|表|类|[\s\d])+$"
)
_YEAR_ONLY = re.compile(r"\s*((?:19|20)\d{2})\s*(?:年度?)?\s*")
_YEAR_LABEL = re.compile(r"^\s*(年度|年份|调研年度|调查年度|所属年度)\s*[:：]?\s*$")


def year_hints(source: Source) -> dict[str, int]:
    """Sheet name to the one year its bare dates may take; sheets without one are left out."""
    cover = set[int]().union(*(_spoken_years(_cells(sheet)) for sheet in source.covers), set())
    own = {part.sheet.name: _sheet_years(source, part) for part in source.parts}
    everywhere = cover.union(*own.values())
    found: dict[str, int] = {}
    for name, years in own.items():
        agreed = (years | cover) or everywhere
        if len(agreed) == 1:
            found[name] = next(iter(agreed))
    return found


def community_hint(source: Source, part: Part, find: Finder) -> str:
    """The community that title, sheet name or cover give to rows; "" where there is a column."""
    if "community_code" in part.layout.columns:
        return ""
    said = [part.sheet.name] if source.named_sheets else []
    said += _labelled_places(part.layout.title)
    for sheet in source.covers:
        said += _labelled_places(_cells(sheet))
    codes = {code for words in said if (code := find(words)[0])}
    if len(codes) != 1:
        return ""
    code = codes.pop()
    source.findings.warn_sheet(part.sheet.name, f"没有社区列，按工作表名或表头记为 {code}")
    return code


def informant_hint(source: Source, part: Part) -> str:
    """The informant category a sheet is named by (一、老人会 or 环卫工人访谈), "" if none.

    Only where several sheets hold statements, one for each group; or from the words before a
    table of a document.
    """
    if "informant" in part.layout.columns:
        return ""
    if source.named_sheets and len(source.parts) > 1:
        named = part.sheet.name
    elif part.sheet.notes:
        named = part.sheet.notes[-1]
    else:
        return ""
    name = _BEFORE_NAME.sub("", named)
    name = _AFTER_NAME.sub("", name)
    return INFORMANTS.code(name) or ""


def _sheet_years(source: Source, part: Part) -> set[int]:
    name = [part.sheet.name] if source.named_sheets else []
    years = _spoken_years([*part.layout.title, *name])
    at = part.layout.columns.get("date")
    if at is None:
        return years
    for row in part.sheet.rows[part.layout.first :]:
        cell = row[at] if at < len(row) else None
        if cell is not None:
            years |= _year_of(cell)
    return years


def _year_of(cell: Cell) -> set[int]:
    """The year of a cell that is a whole date by itself."""
    try:
        return {read_date(cell).year}
    except BadDate:
        return set()
    except DateError:
        return set()


def _spoken_years(cells: Iterable[Cell]) -> set[int]:
    """Years named in titles and covers; notes often cite the years of laws, so they are left."""
    years: set[int] = set()
    labelled = False
    for cell in cells:
        words = as_text(cell)
        if _NOTE.match(words):
            labelled = False
            continue
        years |= full_years(cell)
        if labelled and (found := _YEAR_ONLY.fullmatch(words)):
            years.add(int(found[1]))
        labelled = bool(_YEAR_LABEL.match(words))
    return years


def _labelled_places(cells: Iterable[Cell]) -> list[str]:
    """What stands behind 社区： in the same cell or in the next."""
    said: list[str] = []
    labelled = False
    for cell in cells:
        words = as_text(cell)
        if labelled:
            said.append(words)
        if found := _PLACE_LABEL.match(words):
            said.append(found[1])
        labelled = bool(_PLACE_LABEL_ALONE.match(words))
    return said


def _cells(sheet: Sheet) -> list[Cell]:
    return [cell for row in sheet.rows for cell in row if cell is not None]
