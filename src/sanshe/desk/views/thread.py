"""One page for one need: who said what, what it became, and what was done about it."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from sanshe.desk.selectors.thread import thread_of
from sanshe.needs.selectors import needs_visible_to
from sanshe.organizations.http import PageRequest


@login_required
@require_safe
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(PageRequest, request)
    need = get_object_or_404(needs_visible_to(request.scope), pk=pk)
    row = thread_of(need, request.scope)
    return render(request, "desk/thread.html", {"row": row, "need": need})
