"""The inbox of statements: accept or correct what the machine proposes, one tap each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.events import announce
from sanshe.needs.models import Labelling, Statement, Study
from sanshe.needs.rules import may_label, may_read_models
from sanshe.needs.selectors.inbox import SHOWS, entries_of, inbox_of, picker, progress_of
from sanshe.needs.selectors.learning import accuracy, accuracy_by_field
from sanshe.needs.selectors.statements import statements_visible_to
from sanshe.needs.services.classification import waiting_since
from sanshe.needs.services.classifier import active_version
from sanshe.needs.services.labelling import (
    SURE,
    accept_sure,
    clear_safety,
    label_statement,
    raise_safety,
    undo_labelling,
)
from sanshe.needs.views.gate import PAGE, demand, page
from sanshe.needs.views.studies import study_or_404
from sanshe.organizations.http import PageRequest
from sanshe.taxonomy.models import NeedType

#: The label in a form that says: this statement asks for nothing.
NO_NEED = "none"


@page
@require_safe
def inbox(request: PageRequest, study_pk: int) -> HttpResponse:
    study = study_or_404(request, study_pk)
    scope = request.scope
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    found = Paginator(inbox_of(scope, study, show), PAGE).get_page(request.GET.get("page"))
    version = active_version()
    waiting, since = waiting_since(study)
    return render(
        request,
        "needs/inbox.html",
        {
            "study": study,
            "show": show,
            "page": found,
            "entries": entries_of(found.object_list),
            "progress": progress_of(scope, study, SURE),
            "may_label": may_label(scope, study),
            "may_read_models": may_read_models(scope),
            "version": version,
            "accuracy": accuracy(version),
            "by_field": accuracy_by_field(version),
            "waiting": waiting,
            "waiting_since": since,
            "sure": round(SURE * 100),
            "back_to": request.get_full_path(),
        },
    )


@page
def label(request: PageRequest, pk: int) -> HttpResponse:
    """Every type to choose from (GET), or the decision (POST)."""
    statement = _statement_or_404(request, pk)
    study = statement.interview.study
    demand(may_label(request.scope, study))
    if request.method == "POST":
        return _decide(request, statement)
    entry = entries_of([_for_inbox(request, statement)])[0]
    context = {"study": study, "entry": entry, "fields": picker(), "may_label": True,
               "back_to": _back(request, study)}  # fmt: skip
    template = "needs/inbox_picker.html" if request.htmx else "needs/statement_label.html"
    return _varying(render(request, template, context))


@page
@require_POST
def label_undo(request: PageRequest, pk: int) -> HttpResponse:
    visible = statements_visible_to(request.scope)
    labelling = get_object_or_404(
        Labelling.objects.select_related("statement"), pk=pk, statement__in=visible
    )
    try:
        statement = undo_labelling(labelling=labelling, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        statement = labelling.statement
    return _answer(request, statement)


@page
@require_POST
def sure_accept(request: PageRequest, study_pk: int) -> HttpResponse:
    study = study_or_404(request, study_pk)
    number = accept_sure(study=study, actor=request.user)
    messages.success(
        request,
        ngettext("已采纳 %(number)s 条建议。", "已采纳 %(number)s 条建议。", number)
        % {"number": number},
    )
    return redirect("needs:inbox", study.pk)


@page
@require_POST
def classify(request: PageRequest, study_pk: int) -> HttpResponse:
    """Queue the looking at new statements once more, for when the worker was away."""
    study = study_or_404(request, study_pk)
    demand(may_label(request.scope, study))
    announce("statements.stored", study.pk)
    messages.info(request, _("已重新排队，机器建议稍后出现；现在也可以先由人核对。"))
    return redirect("needs:inbox", study.pk)


@page
@require_POST
def safety(request: PageRequest, pk: int) -> HttpResponse:
    """One tap: nobody is in danger here, or somebody is. What the words speak of stays open."""
    statement = _statement_or_404(request, pk)
    say = {"1": raise_safety, "0": clear_safety}.get(request.POST.get("safety", ""))
    if say is None:
        return HttpResponse(status=422)
    try:
        say(statement=statement, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    return _answer(request, statement)


def _decide(request: PageRequest, statement: Statement) -> HttpResponse:
    code = request.POST.get("label", "")
    need_type: NeedType | None = None
    if code != NO_NEED:
        need_type = NeedType.objects.filter(pk=code, retired_on__isnull=True).first()
        if need_type is None:
            messages.error(request, _("请选择一个需求类型，或者选“不含需求”。"))
            return _answer(request, statement, status=422)
    # An empty box that was ticked before is a decision; one that never was leaves it open.
    safety: bool | None = True if request.POST.get("safety") else None
    if safety is None and request.POST.get("was_safety"):
        safety = False
    try:
        label_statement(statement=statement, label=need_type, actor=request.user, safety=safety)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    return _answer(request, statement)


def _answer(request: PageRequest, statement: Statement, status: int = 200) -> HttpResponse:
    """The one card again, with what it changed above the list; without htmx the page."""
    study = statement.interview.study
    if not request.htmx:
        return redirect(f"{_back(request, study)}#statement-{statement.pk}")
    version = active_version()
    context = {
        "study": study,
        "entry": entries_of([_for_inbox(request, statement)])[0],
        "progress": progress_of(request.scope, study, SURE),
        "accuracy": accuracy(version),
        "version": version,
        "may_label": True,
        "may_read_models": may_read_models(request.scope),
        "back_to": _back(request, study),
        "answered": True,
    }
    return _varying(render(request, "needs/inbox_answer.html", context, status=status))


def _for_inbox(request: PageRequest, statement: Statement) -> Statement:
    study = statement.interview.study
    found = inbox_of(request.scope, study, "all").filter(pk=statement.pk).first()
    if found is None:
        raise Http404
    return found


def _statement_or_404(request: PageRequest, pk: int) -> Statement:
    visible = statements_visible_to(request.scope).select_related("interview__study__community")
    return get_object_or_404(visible, pk=pk)


def _back(request: PageRequest, study: Study) -> str:
    """Where the person came from, if that is an address of this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if safe else reverse("needs:inbox", args=[study.pk])


def _varying(response: HttpResponse) -> HttpResponse:
    response.headers["Vary"] = "HX-Request"
    return response
