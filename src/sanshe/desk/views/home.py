"""The first page after signing in: what waits for this person today."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanshe.desk.selectors.home import home_of
from sanshe.organizations.http import PageRequest


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    request = cast(PageRequest, request)
    today = timezone.localdate()
    context = {
        "home": home_of(request.scope, today),
        "today": today,
        "greeting": _greeting(timezone.localtime().hour),
    }
    return render(request, "desk/home.html", context)


def _greeting(hour: int) -> str:
    if hour < 12:
        return _("早上好")
    return _("下午好") if hour < 18 else _("晚上好")
