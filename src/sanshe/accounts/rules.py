"""Who may look after the accounts of others. Roles are made a floor above; here they are words."""

from sanshe.accounts.http import HasRoles
from sanshe.accounts.models import User

#: 三员分立: the system, security and audit administrators.
ADMIN_ROLES = ("sys", "sec", "aud")


def may_see_users(scope: HasRoles) -> bool:
    """The list of accounts is for the system and the security administrator."""
    return scope.has("sys", "sec")


def may_create_users(scope: HasRoles) -> bool:
    """SYS opens accounts; SEC gives them roles: neither can make a powerful account alone."""
    return scope.has("sys")


def may_disable(scope: HasRoles, actor: User, user: User) -> bool:
    """Both may stop an account at once, but never their own."""
    return scope.has("sys", "sec") and actor.pk != user.pk


def may_reset(scope: HasRoles, actor: User, user: User) -> bool:
    """A new one-time password or a lost second factor is the security administrator's matter."""
    return scope.has("sec") and actor.pk != user.pk
