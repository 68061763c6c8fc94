"""Pages of an interview: written down on a phone, looked at later."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.history import history_of
from sanshe.needs.forms.entry import EntryForm, InterviewForm, StatementForm
from sanshe.needs.models import Interview, Statement
from sanshe.needs.rules import (
    is_collecting,
    may_collect,
    may_create_study,
    may_delete_statement,
    may_edit_interview,
    may_read_original,
)
from sanshe.needs.selectors.statements import interviews_visible_to, statements_visible_to
from sanshe.needs.services.classification import suggest as suggestion_for
from sanshe.needs.services.interviews import (
    DELETE_WITHIN,
    add_statement,
    delete_statement,
    edit_interview,
    open_interview,
    read_original,
)
from sanshe.needs.services.labelling import label_statement
from sanshe.needs.views.gate import demand, page
from sanshe.needs.views.studies import study_or_404
from sanshe.organizations.http import PageRequest
from sanshe.taxonomy.models import NeedType

_SHORTEST = 6


@page
def quick_entry(request: PageRequest, study_pk: int) -> HttpResponse:
    """Begin an interview: who, how, when; then one statement after another.

    Without script the first statements are written on the same page and sent together.
    """
    study = study_or_404(request, study_pk)
    demand(may_collect(request.scope, study))
    posted = request.method == "POST"
    form = EntryForm(request.POST) if posted else EntryForm(initial={"token": uuid.uuid4()})
    if posted and form.is_valid():
        token = form.cleaned_data["token"]
        try:
            interview = open_interview(
                study=study, facts=form.facts(), actor=request.user, token=token
            )
            for number, text in enumerate(form.texts(), 1):
                mark = f"{token[:32]}-{number}" if token else ""
                add_statement(interview=interview, text=text, actor=request.user, token=mark)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            if saved := len(form.texts()):
                messages.success(request, _("已保存 %(count)s 条。") % {"count": saved})
            return redirect(interview)
    return render(
        request,
        "needs/quick_entry.html",
        {"study": study, "form": form, "collecting": is_collecting(study)},
        status=422 if form.errors else 200,
    )


@page
def interview(request: PageRequest, pk: int) -> HttpResponse:
    """One interview: its facts, what was heard, and a box for the next statement."""
    return _interview(request, _interview_or_404(request, pk))


@page
@require_POST
def statement_add(request: PageRequest, pk: int) -> HttpResponse:
    """Save one statement; htmx gets its line and a fresh box."""
    found = _interview_or_404(request, pk)
    demand(may_collect(request.scope, found.study))
    form = StatementForm(request.POST)
    saved: Statement | None = None
    if form.is_valid():
        try:
            saved = add_statement(
                interview=found,
                text=form.cleaned_data["text"],
                actor=request.user,
                token=form.cleaned_data["token"],
            )
            _accept(saved, form.cleaned_data["label"], request)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error("text", str(error.message))
    if saved is not None and not request.htmx:
        messages.success(request, _("已保存。"))
        return redirect(found)
    if saved is not None:
        form = _fresh()
    return _interview(request, found, form=form, saved=saved, status=422 if form.errors else 200)


@page
def interview_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Correct who, when and how."""
    found = _interview_or_404(request, pk)
    demand(may_edit_interview(request.scope, found))
    posted = request.method == "POST"
    form = InterviewForm(request.POST if posted else None, interview=found)
    if posted and form.is_valid():
        try:
            edit_interview(interview=found, facts=form.facts(), actor=request.user)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存。"))
            return redirect(found)
    return render(
        request,
        "needs/interview_edit.html",
        {"interview": found, "form": form},
        status=422 if form.errors else 200,
    )


@page
@require_POST
def statement_delete(request: PageRequest, pk: int) -> HttpResponse:
    """Take back one's own words of today."""
    statement = _statement_or_404(request, pk)
    found = statement.interview
    try:
        delete_statement(statement=statement, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("已删除这一条，变更记录中留有痕迹。"))
    return redirect("needs:interview", found.pk)


@page
@require_POST
def statement_original(request: PageRequest, pk: int) -> HttpResponse:
    """Show what was masked, once; the reading is in the access log before the words are here."""
    statement = _statement_or_404(request, pk)
    pieces = read_original(statement=statement, request=request)
    template = "needs/statement_original.html" + ("#words" if request.htmx else "")
    response = render(request, template, {"statement": statement, "pieces": pieces})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "HX-Request"
    return response


@page
@require_POST
def suggest(request: PageRequest) -> HttpResponse:
    """What kind of need the words so far sound like; empty while there is too little to say.

    POST, because words of residents do not belong into addresses and logs.
    """
    demand(may_create_study(request.scope))
    text = request.POST.get("text", "")[:2000].strip()
    verdict = suggestion_for(text) if len(text) >= _SHORTEST else None
    ranked = verdict.alternatives[:3] if verdict else ()
    types = NeedType.objects.select_related("field").in_bulk([code for code, _share in ranked])
    suggestions = [
        {"type": types[code], "confidence": share} for code, share in ranked if code in types
    ]
    return render(
        request,
        "needs/entry_suggestions.html",
        {"suggestions": suggestions, "verdict": verdict},
    )


def _accept(statement: Statement, code: str, request: PageRequest) -> None:
    """Keep the kind of need the person tapped while writing, as a decision of theirs.

    The machine is asked about safety once more: nobody was shown that question.
    """
    kind = NeedType.objects.filter(pk=code, retired_on__isnull=True).first() if code else None
    if kind is None:
        return
    verdict = suggestion_for(statement.text)
    safety = kind.safety or bool(verdict and verdict.safety)
    label_statement(statement=statement, label=kind, actor=request.user, safety=safety)


def _fresh() -> StatementForm:
    return StatementForm(initial={"token": uuid.uuid4()})


def _interview_or_404(request: PageRequest, pk: int) -> Interview:
    return get_object_or_404(interviews_visible_to(request.scope), pk=pk)


def _statement_or_404(request: PageRequest, pk: int) -> Statement:
    visible = statements_visible_to(request.scope).select_related("interview__study__community")
    return get_object_or_404(visible, pk=pk)


def _interview(
    request: PageRequest,
    found: Interview,
    *,
    form: StatementForm | None = None,
    saved: Statement | None = None,
    status: int = 200,
) -> HttpResponse:
    scope = request.scope
    may_add = may_collect(scope, found.study) and is_collecting(found.study)
    statements = list(
        statements_visible_to(scope)
        .filter(interview=found)
        .select_related("interview", "label", "need")
        .order_by("-ordinal")
    )
    since = timezone.now() - DELETE_WITHIN
    template = "needs/interview.html"
    if request.htmx and request.method == "POST":
        template += "#talk"
    response = render(
        request,
        template,
        {
            "interview": found,
            "study": found.study,
            "statements": [
                {
                    "it": statement,
                    "may_delete": statement.created_at > since
                    and may_delete_statement(scope, statement),
                }
                for statement in statements
            ],
            "form": form or _fresh(),
            "saved": saved,
            "may_add": may_add,
            "may_edit": may_edit_interview(scope, found),
            "may_read_original": may_read_original(scope, found.study),
            "history": list(history_of(found)[:20]),
        },
        status=status,
    )
    response.headers["Vary"] = "HX-Request"
    return response
