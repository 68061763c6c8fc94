"""Reading accounts."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from sanshe.accounts.http import HasRoles
from sanshe.accounts.models import User
from sanshe.accounts.rules import may_see_users


def users_visible_to(scope: HasRoles) -> QuerySet[User]:
    """All accounts for SYS and SEC, none for anyone else; says who has a second factor."""
    if not may_see_users(scope):
        return User.objects.none()
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.annotate(has_totp=Exists(totp)).order_by("username")


def users_like(users: QuerySet[User], words: str, state: str) -> QuerySet[User]:
    """The accounts whose name or sign-in name holds the words, in that state."""
    if words:
        users = users.filter(Q(username__icontains=words) | Q(name__icontains=words))
    if state:
        users = users.filter(is_active=state == "active")
    return users
