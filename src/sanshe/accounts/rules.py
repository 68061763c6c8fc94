"""Who may look after the accounts of others. Roles are made a floor above; here they are words."""

from sanshe.accounts.http import Administrators, HasRoles
from sanshe.accounts.models import AdministratorRole, DualReview, ReviewStatus, User

#: 三员分立: the system, security and audit administrators.
ADMIN_ROLES = tuple(AdministratorRole.values)


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


def may_see_reviews(scope: HasRoles) -> bool:
    """The three watch one another: each sees what is asked about any of them."""
    return scope.has(*ADMIN_ROLES)


def may_decide_review(pk: int, review: DualReview, administrators: Administrators) -> bool:
    """Another administrator than the asker; the one concerned only where there is no third."""
    others = administrators.beside(review.asked_by_id)
    return pk in others and (pk != review.user_id or others == {review.user_id})


def may_withdraw_review(pk: int, review: DualReview) -> bool:
    return pk == review.asked_by_id


def may_carry_out(pk: int, review: DualReview) -> bool:
    """What was confirmed is the asker's to do."""
    return pk == review.asked_by_id and review.status == ReviewStatus.CONFIRMED and review.is_open
