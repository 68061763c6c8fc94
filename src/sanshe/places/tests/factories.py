"""Places for tests: 石狮 as far as a test needs it, created on the way up."""

from sanshe.places.models import DIGITS, Division, Level

NAMES = {
    "350000000000": ("福建省", "福建"),
    "350500000000": ("泉州市", "泉州"),
    "350581000000": ("石狮市", "石狮"),
    "350581001000": ("湖滨街道", "湖滨"),
    "350581001006": ("花园城社区居委会", "花园城社区"),
    "350581001001": ("金林社区居委会", "金林社区"),
    "350581102000": ("蚶江镇", "蚶江"),
    "350581102202": ("锦江村委会", "锦江村"),
}
GARDEN_CITY = "350581001006"
OTHER_COMMUNITY = "350581001001"
OTHER_TOWN_VILLAGE = "350581102202"


def make_division(code: str = GARDEN_CITY, *, residents: int | None = None) -> Division:
    """The place with this code, and every place around it, made where missing."""
    level = _level(code)
    parent = None
    for above in reversed(list(Level)[: list(Level).index(level)]):
        parent = make_division(code[: DIGITS[above]].ljust(12, "0"))
        break
    name, short = NAMES.get(code, (f"{code}社区居委会", f"{code}社区"))
    division, _ = Division.objects.get_or_create(
        code=code, defaults={"level": level, "name": name, "short_name": short, "parent": parent}
    )
    if residents is not None and division.residents != residents:
        division.residents = residents
        division.residents_source = "测试数据"
        division.save()
    return division


def make_town(code: str = "350581001000") -> Division:
    """A town, by default 湖滨街道."""
    return make_division(code)


def _level(code: str) -> Level:
    for level in Level:
        if code[DIGITS[level] :].strip("0") == "":
            return level
    raise ValueError(code)
