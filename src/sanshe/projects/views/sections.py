"""Editing a proposal in place: sections, rows of tables, remarks."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.engine.draft import SECTION_TITLES, text_of
from sanshe.needs.services.actors import demand
from sanshe.organizations.http import PageRequest
from sanshe.projects.forms import ROW_FORMS, SectionForm
from sanshe.projects.models import Proposal, Section
from sanshe.projects.rules import IN_HOUSE, may_edit, may_remark
from sanshe.projects.selectors.differences import words_between
from sanshe.projects.selectors.facts import fresh_draft
from sanshe.projects.selectors.pages import page_of
from sanshe.projects.selectors.withheld import shown_row, withheld_in
from sanshe.projects.services.drafting import accept_changes, redraft_section
from sanshe.projects.services.editing import TABLES, delete_row, edit_section, save_row
from sanshe.projects.services.review import remark, resolve_remark
from sanshe.projects.views.proposals import whole_or_404

#: The section that each table stands in.
SECTION_OF = {"objectives": 7, "plan": 8, "team": 10, "budget": 11, "risks": 12}
TABLE_NAMES = {
    "objectives": _("项目目标"), "plan": _("活动计划"), "team": _("团队成员"),
    "budget": _("预算明细"), "risks": _("风险"),
}  # fmt: skip


def _done(
    request: PageRequest, proposal: Proposal, number: int, act: Callable[[], object]
) -> HttpResponse:
    """Act, show what stands against it, and go back to the section."""
    try:
        act()
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(f"{proposal.get_absolute_url()}#section-{number}")


@login_required
def section_edit(request: PageRequest, pk: int, number: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    demand(may_edit(request.scope, proposal))
    section = get_object_or_404(Section, proposal=proposal, number=number)
    withheld = withheld_in(proposal.study_id)
    initial = {"text": withheld.words(section.text), "seen": section.updated_at.isoformat()}
    form = SectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_section(
                proposal=proposal,
                number=number,
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
                actor=request.user,
            )
            return redirect(f"{proposal.get_absolute_url()}#section-{number}")
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
            section.refresh_from_db()
    context = {
        "proposal": proposal,
        "section": section,
        "title": SECTION_TITLES[number],
        "form": form,
        "current": withheld.words(section.text) if form.non_field_errors() else "",
        "seen": section.updated_at.isoformat(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/section_edit.html", context, status=status)


@login_required
def section_read(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """One section on a page of its own, with the ways to the sections around it."""
    proposal = whole_or_404(request, pk)
    page = page_of(proposal, request.scope)
    sections = {section.number: section for section in page.sections}
    if number not in sections:
        raise Http404
    context = {
        "proposal": proposal,
        "section": sections[number],
        "before": sections.get(number - 1),
        "after": sections.get(number + 1),
        "back": f"{proposal.get_absolute_url()}#section-{number}",
        "may_edit": may_edit(request.scope, proposal),
        "may_remark": may_remark(request.scope, proposal),
        "remarks_stay_inside": proposal.status in IN_HOUSE,
    }
    return render(request, "projects/section_read.html", context)


@login_required
def section_redraft(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """Show what the machine would write now beside what stands there; replace or keep."""
    proposal = whole_or_404(request, pk)
    demand(may_edit(request.scope, proposal))
    section = get_object_or_404(Section, proposal=proposal, number=number)
    if request.method == "POST":
        act = redraft_section if request.POST.get("replace") else accept_changes
        act(proposal=proposal, number=number, actor=request.user)
        return redirect(f"{proposal.get_absolute_url()}#section-{number}")
    withheld = withheld_in(proposal.study_id)
    stands = withheld.words(section.text)
    written = fresh_draft(proposal, timezone.localdate()).section(number)
    fresh = withheld.words(text_of(written.blocks))
    context = {
        "proposal": proposal,
        "section": section,
        "title": SECTION_TITLES[number],
        "pieces": words_between(stands, fresh),
        "same": stands == fresh,
    }
    return render(request, "projects/section_redraft.html", context)


@login_required
def row_edit(request: PageRequest, pk: int, table: str, row_pk: int | None = None) -> HttpResponse:
    """Add a row to a table, or change one."""
    proposal = whole_or_404(request, pk)
    demand(may_edit(request.scope, proposal))
    if table not in TABLES:
        raise Http404
    model = TABLES[table]
    row = get_object_or_404(model, proposal=proposal, pk=row_pk) if row_pk else None
    if row and request.method != "POST":
        row = shown_row(row, withheld_in(proposal.study_id))
    form = ROW_FORMS[table](request.POST or None, instance=row, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        try:
            save_row(
                proposal=proposal, table=table, values=form.cleaned_data, actor=request.user,
                pk=row_pk,
            )  # fmt: skip
            return redirect(f"{proposal.get_absolute_url()}#section-{SECTION_OF[table]}")
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
    context = {
        "proposal": proposal,
        "form": form,
        "table": table,
        "name": TABLE_NAMES[table],
        "number": SECTION_OF[table],
        "row": row,
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/row_edit.html", context, status=status)


@login_required
@require_POST
def row_delete(request: PageRequest, pk: int, table: str, row_pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    if table not in TABLES:
        raise Http404
    return _done(
        request, proposal, SECTION_OF[table],
        lambda: delete_row(proposal=proposal, table=table, pk=row_pk, actor=request.user),
    )  # fmt: skip


@login_required
@require_POST
def remark_create(request: PageRequest, pk: int, number: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    get_object_or_404(Section, proposal=proposal, number=number)
    text = request.POST.get("text", "")
    return _done(
        request, proposal, number,
        lambda: remark(proposal=proposal, number=number, text=text, actor=request.user),
    )  # fmt: skip


@login_required
@require_POST
def remark_resolve(request: PageRequest, pk: int, number: int, remark_pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    return _done(
        request, proposal, number,
        lambda: resolve_remark(proposal=proposal, pk=remark_pk, actor=request.user),
    )  # fmt: skip
