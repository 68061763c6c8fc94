"""Proposals: the list, a new one, and the page of one with everything on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.forms import words_asked
from sanshe.core.models import HistoryLine
from sanshe.matching.models import MatchRun
from sanshe.needs.models import Need
from sanshe.needs.selectors import studies_visible_to
from sanshe.needs.selectors.needs import needs_visible_to
from sanshe.needs.services.actors import demand
from sanshe.organizations.http import PageRequest
from sanshe.projects.forms import CreateForm, PlanForm
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.rules import (
    BACK,
    IN_HOUSE,
    WITH_NOTE,
    may_choose,
    may_create,
    may_edit,
    may_read_whole,
    may_remark,
)
from sanshe.projects.selectors import proposals_visible_to, rules_for, waiting_for
from sanshe.projects.selectors.choice import choices_of, needs_to_choose, suggested_needs
from sanshe.projects.selectors.facts import SETTLED
from sanshe.projects.selectors.history import lines_of
from sanshe.projects.selectors.pages import page_of, public_summary
from sanshe.projects.selectors.proposals import moves_for
from sanshe.projects.selectors.withheld import shown_row, withheld_in
from sanshe.projects.services.drafting import create_proposal
from sanshe.projects.services.editing import edit_facts
from sanshe.projects.services.flow import move_proposal


def whole_or_404(request: PageRequest, pk: int) -> Proposal:
    """A proposal the person reads whole; the public summary has a page of its own."""
    proposal = get_object_or_404(proposals_visible_to(request.scope), pk=pk)
    if not may_read_whole(request.scope, proposal):
        demand(False)
    return proposal


@login_required
def proposal_list(request: PageRequest) -> HttpResponse:
    proposals = proposals_visible_to(request.scope)
    if status := request.GET.get("status"):
        proposals = proposals.filter(status=status)
    if words := words_asked(request.GET):
        proposals = proposals.filter(title__icontains=words)
    page = Paginator(proposals, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "states": ProposalStatus.choices,
        "waiting": set(waiting_for(request.scope).values_list("pk", flat=True)),
        "filtered": bool(status or words),
    }
    return render(request, "projects/proposal_list.html", context)


@login_required
def proposal_create(request: PageRequest, study_pk: int) -> HttpResponse:
    study = get_object_or_404(studies_visible_to(request.scope), pk=study_pk)
    demand(may_create(request.scope, study))
    run = MatchRun.objects.filter(study=study, current=True).first()
    needs = needs_to_choose(study, run)
    withheld = withheld_in(study.pk)
    suggested = [need.pk for need in suggested_needs(study)]
    all_of_them = request.GET.get("choose") == "all"
    title = _("%(place)s居民需求回应服务项目") % {"place": study.community.short_name}
    form = CreateForm(
        request.POST or None,
        needs=needs,
        organization_pk=study.organization_id,
        initial={"title": title, "needs": [n.pk for n in needs] if all_of_them else suggested},
    )
    if request.method == "POST" and form.is_valid():
        try:
            proposal = create_proposal(
                study=study, needs=form.cleaned_data["needs"], plan=form.plan(), actor=request.user
            )
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("方案已起草，请逐章核对。"))
            return redirect(proposal)
    ticked = {str(value) for value in form["needs"].value() or []}
    context = {
        "study": study,
        "form": form,
        "needs": needs,
        "suggested": len(suggested),
        "ticked": ticked,
        "groups": choices_of((shown_row(need, withheld) for need in needs), ticked),
        "settled": SETTLED,
        "run": run,
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/proposal_create.html", context, status=status)


@login_required
def proposal_detail(request: PageRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(proposals_visible_to(request.scope), pk=pk)
    withheld = withheld_in(proposal.study_id)
    shown = [shown_row(need, withheld) for need in _needs_of(request, proposal)]
    if not may_read_whole(request.scope, proposal):
        context = {
            "proposal": proposal,
            "summary": public_summary(proposal, withheld),
            "needs": shown,
        }
        return render(request, "projects/proposal_public.html", context)
    moves = moves_for(request.scope, proposal)
    lines = lines_of(request.scope, proposal, withheld)
    context = {
        "proposal": proposal,
        "page": page_of(proposal, request.scope, withheld),
        "opened": request.GET.get("open", ""),
        "needs": shown,
        "moves": [(verb, verb.label, verb in WITH_NOTE) for verb in moves],
        "rules": rules_for(proposal.community_id),
        "may_edit": may_edit(request.scope, proposal),
        "may_choose": may_choose(request.scope, proposal),
        "may_remark": may_remark(request.scope, proposal),
        "remarks_stay_inside": proposal.status in IN_HOUSE,
        "versions": proposal.versions.select_related("actor").defer("snapshot"),
        "lines": lines,
        "reason": _reason(proposal, lines),
    }
    return render(request, "projects/proposal_detail.html", context)


def _reason(proposal: Proposal, lines: list[HistoryLine]) -> str:
    """Why the proposal was last sent back or refused, while that is still to be answered."""
    if proposal.status not in BACK:
        return ""
    return next((line.note for line in lines if line.verb in WITH_NOTE), "")


def _needs_of(request: PageRequest, proposal: Proposal) -> QuerySet[Need]:
    """The needs that the proposal answers and whose threads the person may open."""
    answered = proposal.needs.filter(safety=False).values("pk")
    return needs_visible_to(request.scope).filter(pk__in=answered)


@login_required
def proposal_edit(request: PageRequest, pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    demand(may_edit(request.scope, proposal))
    initial = {name: getattr(proposal, name) for name in ("title", "lead", "starts_on", "ends_on")}
    form = PlanForm(request.POST or None, organization_pk=proposal.organization_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        edit_facts(proposal=proposal, plan=form.plan(), actor=request.user)
        return redirect(proposal)
    context = {"proposal": proposal, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/proposal_edit.html", context, status=status)


@login_required
@require_POST
def proposal_move(request: PageRequest, pk: int, verb: str) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    try:
        moved = move_proposal(
            proposal=proposal, verb=verb, actor=request.user, note=request.POST.get("note", "")
        )
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        state = str(moved.get_status_display())
        messages.success(request, _("方案现在是“%(state)s”。") % {"state": state})
    return redirect(proposal)
