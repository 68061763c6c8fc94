"""What one administrator asks another to confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.accounts.http import AccountRequest
from sanshe.accounts.models import DualReview, ReviewStatus
from sanshe.accounts.rules import (
    may_carry_out,
    may_decide_review,
    may_see_reviews,
    may_withdraw_review,
)
from sanshe.accounts.selectors import lately_of, open_reviews, place_of, reviews_visible_to
from sanshe.accounts.services.reviews import confirm_review, refuse_review
from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.models import HistoryLine

PAGE_ROWS = 50
#: Of the account concerned, so that a second person sees what was done to it lately.
HISTORY_ROWS = 5


@dataclass(frozen=True)
class OpenReview:
    """One that is not finished, with what this person may do about it."""

    review: DualReview
    lately: list[HistoryLine]
    may_decide: bool
    may_withdraw: bool
    carry_out: str
    """Where this person carries out what was confirmed; empty where it is not theirs."""


@login_required
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    request = cast(AccountRequest, request)
    if not may_see_reviews(request.scope):
        raise PermissionDenied
    waiting = list(open_reviews())
    closed = reviews_visible_to(request.scope).exclude(pk__in=[review.pk for review in waiting])
    lately = lately_of((review.user for review in waiting), HISTORY_ROWS)
    context = {
        "open": [_open(request, review, lately[review.user_id]) for review in waiting],
        "page": Paginator(closed, PAGE_ROWS).get_page(request.GET.get("page")),
        "days": settings.DUAL_REVIEW_DAYS,
    }
    return render(request, "accounts/reviews.html", context)


@login_required
@require_POST
def review_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(cast(AccountRequest, request), pk, confirm_review, _("已同意，由申请人办理。"))


@login_required
@require_POST
def review_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(cast(AccountRequest, request), pk, refuse_review, _("申请已结束，不会办理。"))


def _decide(
    request: AccountRequest, pk: int, decide: Callable[..., None], done: str
) -> HttpResponse:
    review = get_object_or_404(reviews_visible_to(request.scope), pk=pk)
    try:
        decide(review=review, actor=request.user, administrators=request.administrators)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect("accounts:reviews")


def _open(request: AccountRequest, review: DualReview, lately: list[HistoryLine]) -> OpenReview:
    pk, carry_out = request.user.pk, ""
    if may_carry_out(pk, review):
        carry_out = place_of(review)
    waiting = review.status == ReviewStatus.WAITING
    return OpenReview(
        review,
        lately,
        may_decide=waiting and may_decide_review(pk, review, request.administrators),
        may_withdraw=may_withdraw_review(pk, review),
        carry_out=carry_out,
    )
