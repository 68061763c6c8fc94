"""Choosing other needs for a drafted proposal: a look at what would change, then the change."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.engine.draft import DraftRules
from sanshe.needs.models import Need
from sanshe.needs.services.actors import demand
from sanshe.organizations.http import PageRequest
from sanshe.projects.forms import NeedsForm
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.rules import may_choose
from sanshe.projects.selectors.choice import choices_of, needs_to_choose, suggested_needs
from sanshe.projects.selectors.facts import SETTLED
from sanshe.projects.selectors.refocus import Refocus, current_run, refocus_of
from sanshe.projects.selectors.withheld import shown_row, withheld_in
from sanshe.projects.services.focusing import choose_needs
from sanshe.projects.views.proposals import whole_or_404


@login_required
def needs_choose(request: PageRequest, pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    demand(may_choose(request.scope, proposal))
    run = current_run(proposal)
    needs = needs_to_choose(proposal.study, run, proposal)
    withheld = withheld_in(proposal.study_id)
    suggested = [need.pk for need in suggested_needs(proposal.study)]
    ticked_first = {
        "all": [need.pk for need in needs],
        "suggested": suggested,
    }.get(request.GET.get("choose", ""), list(proposal.needs.values_list("pk", flat=True)))
    form = NeedsForm(request.POST or None, needs=needs, initial={"needs": ticked_first})
    change: Refocus | None = None
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["needs"]
        if not request.POST.get("apply"):
            change = refocus_of(proposal, chosen)
        elif done := _applied(request, proposal, list(chosen), form):
            return done
    ticked = {str(value) for value in form["needs"].value() or []}
    context = {
        "proposal": proposal,
        "form": form,
        "needs": needs,
        "groups": choices_of((shown_row(need, withheld) for need in needs), ticked),
        "ticked": ticked,
        "suggested": len(suggested),
        "most": DraftRules().focus_needs,
        "settled": SETTLED,
        "run": run,
        "change": change,
        "added": [shown_row(need, withheld) for need in change.added] if change else [],
        "removed": [shown_row(need, withheld) for need in change.removed] if change else [],
        "returned": proposal.status == ProposalStatus.RETURNED,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "projects/choose.html", context, status=status)


def _applied(
    request: PageRequest, proposal: Proposal, chosen: list[Need], form: NeedsForm
) -> HttpResponse | None:
    """The way back to the changed proposal; None, and an error in the form, if a rule says no."""
    try:
        change = choose_needs(proposal=proposal, needs=chosen, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        form.add_error(None, str(error.message))
        return None
    said = _("方案现在回应 %(n)d 项需求，重新起草了 %(new)d 章。") % {
        "n": len(chosen), "new": len(change.renewed),
    }  # fmt: skip
    if change.kept:
        said += _("有人改过的 %(kept)d 章保留原样，已标出需求的变化。") % {"kept": len(change.kept)}
    messages.success(request, said)
    return redirect(proposal)
