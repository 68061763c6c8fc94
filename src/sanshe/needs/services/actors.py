"""What the services ask about the person who acts."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import NotPermitted
from sanshe.organizations.scope import Scope
from sanshe.organizations.selectors import scope_of


def scope_today(actor: User) -> Scope:
    """The memberships that hold today, as the database has them now."""
    return scope_of(actor, timezone.localdate())


def demand(allowed: bool) -> None:
    """Raises NotPermitted unless allowed."""
    if not allowed:
        raise NotPermitted(_("您没有进行此操作的权限；如确有需要，请联系本机构负责人。"))
