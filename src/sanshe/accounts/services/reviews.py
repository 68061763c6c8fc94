"""Two persons for what takes over or removes an administrator: one asks, another confirms.

A service that does such a thing calls `use_review`. It raises `ReviewNeeded` until another
administrator has confirmed; a view then asks with `ask_review`. What was confirmed is carried out
once, by the one who asked, through the same service.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.http import Administrators, HasRoles
from sanshe.accounts.models import DualReview, ReviewAct, ReviewStatus, User
from sanshe.accounts.rules import may_decide_review, may_see_reviews, may_withdraw_review
from sanshe.accounts.selectors import open_reviews
from sanshe.core.errors import NotNow, NotPermitted
from sanshe.core.history import record


@dataclass(frozen=True)
class Wish:
    """What is to be done to an administrator; a role with the last day it would hold."""

    act: ReviewAct
    user: User
    role: str = ""
    until: date | None = None


class ReviewNeeded(NotNow):
    """Another administrator has to confirm this first."""

    def __init__(self, wish: Wish) -> None:
        super().__init__(_("涉及管理员账号，须由另一位管理员复核同意后才能办理。"))
        self.wish = wish


@transaction.atomic
def use_review(wish: Wish, *, actor: User) -> str:
    """Use up what another administrator has confirmed; who that was, for the history.

    Raises:
        ReviewNeeded: nobody has confirmed it yet, or too long ago.
    """
    review = _open(wish).filter(asked_by=actor, status=ReviewStatus.CONFIRMED).first()
    if review is None or review.decided_by is None:
        raise ReviewNeeded(wish)
    review.status = ReviewStatus.DONE
    review.save(update_fields=["status", "updated_at"])
    return _("经%(name)s复核同意") % {"name": review.decided_by}


def becomes_administrator(user: User) -> bool:
    """Whether it is being asked, or was confirmed, that the person gets an administrator's role."""
    return open_reviews().filter(user=user, act=ReviewAct.GIVE_ROLE).exists()


@transaction.atomic
def ask_review(
    wish: Wish, *, actor: User, scope: HasRoles, administrators: Administrators
) -> DualReview:
    """Ask another administrator; what is open already is the answer.

    Raises:
        NotPermitted: the person is no administrator, or there is no other one.
    """
    if not may_see_reviews(scope) or actor.pk == wish.user.pk:
        raise NotPermitted(_("只有管理员可以申请双人复核，且不能涉及自己的账号。"))
    if not administrators.beside(actor.pk):
        raise NotPermitted(
            _(
                "目前没有另一位管理员可以复核。请在装有本系统的电脑上用命令行办理："
                "角色用 ./sanshe manage give_role、end_role，账号用 ./sanshe manage mend_account。"
            )
        )
    # Locked, so that the same wish asked twice at a moment is one.
    User.objects.select_for_update().get(pk=wish.user.pk)
    review = _open(wish).filter(asked_by=actor).first()
    if review is None:
        review = DualReview.objects.create(
            act=wish.act, user=wish.user, role=wish.role, until=wish.until, asked_by=actor
        )
        record(wish.user, "ask_review", actor=actor, note=_in_words(review))
    return review


@transaction.atomic
def confirm_review(*, review: DualReview, actor: User, administrators: Administrators) -> None:
    """Say that it may be done.

    Raises:
        NotPermitted: not this person's to say.
        NotNow: it has been decided, or has expired.
    """
    _decide(review, ReviewStatus.CONFIRMED, "confirm_review", actor, administrators)


@transaction.atomic
def refuse_review(*, review: DualReview, actor: User, administrators: Administrators) -> None:
    """Say that it may not be done; the asker withdraws it so, before it is carried out.

    Raises:
        NotPermitted: not this person's to say.
        NotNow: it has been decided, or has expired.
    """
    if may_withdraw_review(actor.pk, review):
        review = _locked(review)
        if not review.is_open:
            raise NotNow(_("这项复核已有结果或已过期，请刷新后查看。"))
        _close(review, ReviewStatus.WITHDRAWN, "withdraw_review", actor)
    else:
        _decide(review, ReviewStatus.REFUSED, "refuse_review", actor, administrators)


def _in_words(review: DualReview) -> str:
    """The wish in words, for the history."""
    return f"{review.get_act_display()} {review.get_role_display()}".strip()


def _decide(
    review: DualReview,
    status: ReviewStatus,
    verb: str,
    actor: User,
    administrators: Administrators,
) -> None:
    review = _locked(review)
    if not may_decide_review(actor.pk, review, administrators):
        raise NotPermitted(_("这项申请须由申请人和当事人以外的管理员复核。"))
    if review.status != ReviewStatus.WAITING or not review.is_open:
        raise NotNow(_("这项复核已有结果或已过期，请刷新后查看。"))
    _close(review, status, verb, actor)


def _close(review: DualReview, status: ReviewStatus, verb: str, actor: User) -> None:
    review.status, review.decided_by, review.decided_at = status, actor, timezone.now()
    review.save(update_fields=["status", "decided_by", "decided_at", "updated_at"])
    record(review.user, verb, actor=actor, note=_in_words(review))


def _locked(review: DualReview) -> DualReview:
    found = DualReview.objects.select_for_update(of=("self",)).select_related("user")
    return found.get(pk=review.pk)


def _open(wish: Wish) -> QuerySet[DualReview]:
    return (
        open_reviews()
        .select_for_update(of=("self",))
        .filter(act=wish.act, user=wish.user, role=wish.role, until=wish.until)
    )
