"""The ways through the site, by role: what a person's work needs, most used first."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope

_FIELD = frozenset(
    {Role.COMM, Role.STATION, Role.AGENCY, Role.SUPV, Role.SW, Role.TOWN, Role.CITY, Role.CIVIL}
)
_PUBLIC = frozenset({Role.CORG, Role.VOL, Role.DONOR, Role.RES, Role.EVAL})
_BUSINESS = _FIELD | _PUBLIC


@dataclass(frozen=True)
class Way:
    """A place of the site, and whose work leads there."""

    name: str
    label: "str | Promise"
    short: "str | Promise"
    icon: str
    roles: frozenset[str] | None
    #: Names of views that belong to this place beside those of the same app.
    views: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavItem:
    """A link of the navigation, as one person sees it on one page."""

    url: str
    label: "str | Promise"
    short: "str | Promise"
    icon: str
    current: bool


WAYS = (
    Way("desk:home", _("首页"), _("首页"), "home", None, ("desk:home",)),
    Way("needs:studies", _("需求调研"), _("调研"), "ear", _FIELD, ("needs:", "desk:thread")),
    Way("projects:proposals", _("项目方案"), _("方案"), "file-text", _BUSINESS, ("projects:",)),
    Way("matching:offers", _("服务资源"), _("资源"), "heart-handshake", _BUSINESS, ("matching:",)),
    Way("accounts:users", _("账号管理"), _("账号"), "users", frozenset({Role.SYS, Role.SEC}),
        ("accounts:user",)),
    Way("organizations:members", _("角色与任职"), _("角色"), "id-badge-2", frozenset({Role.SEC}),
        ("organizations:member",)),
    Way("accounts:reviews", _("双人复核"), _("复核"), "shield-check",
        frozenset({Role.SYS, Role.SEC, Role.AUD}), ("accounts:review",)),
    Way("desk:changes", _("变更记录"), _("变更"), "history", frozenset({Role.AUD}),
        ("desk:changes",)),
    Way("desk:accesses", _("访问记录"), _("访问"), "eye", frozenset({Role.AUD}),
        ("desk:accesses",)),
    Way("organizations:list", _("社会组织"), _("组织"), "building-community",
        _BUSINESS | {Role.SYS}, ("organizations:",)),
    Way("talent:list", _("社工队伍"), _("社工"), "certificate",
        _FIELD - {Role.COMM, Role.STATION}, ("talent:",)),
    Way("places:list", _("社区与区划"), _("社区"), "map-pin", _BUSINESS | {Role.SYS}, ("places:",)),
    Way("taxonomy:list", _("需求分类"), _("分类"), "tags", _BUSINESS | {Role.SYS}, ("taxonomy:",)),
)  # fmt: skip
SETTINGS = Way(
    "accounts:settings", _("我的设置"), _("我的"), "user", None,
    ("accounts:settings", "account_", "mfa_"),
)  # fmt: skip
#: A thumb reaches five; the fifth is one's own page.
BOTTOM = 4


def nav_for(request: HttpRequest, scope: Scope) -> list[NavItem]:
    """The links of this person, the current one marked."""
    items = [_item(way, request) for way in WAYS if way.roles is None or scope.roles & way.roles]
    return _one_current(items)


def bottom_nav_for(request: HttpRequest, nav: list[NavItem]) -> list[NavItem]:
    """The most used few for the phone, and the person's own page."""
    return [*nav[:BOTTOM], _item(SETTINGS, request)]


def _item(way: Way, request: HttpRequest) -> NavItem:
    match = request.resolver_match
    view = match.view_name if match else ""
    current = any(view.startswith(prefix) for prefix in way.views)
    return NavItem(reverse(way.name), way.label, way.short, way.icon, current)


def _one_current(items: list[NavItem]) -> list[NavItem]:
    # `organizations:members` belongs to two ways; the more special one comes first and wins.
    found = False
    marked = []
    for item in items:
        current = item.current and not found
        found = found or current
        marked.append(NavItem(item.url, item.label, item.short, item.icon, current))
    return marked
