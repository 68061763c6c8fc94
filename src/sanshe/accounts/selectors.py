"""Reading accounts, and what about administrators waits for a second one."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.http import HasRoles
from sanshe.accounts.models import UNFINISHED, DualReview, ReviewAct, User
from sanshe.accounts.rules import may_see_reviews, may_see_users
from sanshe.core.models import HistoryLine

#: So many lines an account are looked through for the last few of each.
_LATELY_ROWS = 50


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


def reviews_visible_to(scope: HasRoles) -> QuerySet[DualReview]:
    """All of them for the three administrators, none for anyone else."""
    if not may_see_reviews(scope):
        return DualReview.objects.none()
    return DualReview.objects.select_related("user", "asked_by", "decided_by")


def lately_of(users: Iterable[User], each: int) -> dict[int, list[HistoryLine]]:
    """What was done to each account last, newest first. One query."""
    found: dict[int, list[HistoryLine]] = {user.pk: [] for user in users}
    lines = HistoryLine.objects.filter(
        subject=User._meta.label_lower, subject_pk__in=[str(pk) for pk in found]
    ).select_related("actor")
    for line in lines[: _LATELY_ROWS * max(1, len(found))]:
        if len(found[int(line.subject_pk)]) < each:
            found[int(line.subject_pk)].append(line)
    return found


def open_reviews() -> QuerySet[DualReview]:
    """What waits for a second administrator, or for its asker to carry it out."""
    since = timezone.now() - timedelta(days=settings.DUAL_REVIEW_DAYS)
    return DualReview.objects.filter(status__in=UNFINISHED, created_at__gt=since).select_related(
        "user", "asked_by", "decided_by"
    )


def place_of(review: DualReview) -> str:
    """The page on which its asker carries it out."""
    if review.act in (ReviewAct.GIVE_ROLE, ReviewAct.END_ROLE):
        return reverse("organizations:members")
    return reverse("accounts:user", args=[review.user_id])
