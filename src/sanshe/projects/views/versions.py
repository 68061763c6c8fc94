"""Versions kept of a proposal, what changed between them, and files to take away."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.core.downloads import DOCX, XLSX, download
from sanshe.core.history import record_access
from sanshe.engine.draft import SECTION_TITLES
from sanshe.office.word import proposal_bytes
from sanshe.office.word.workbook import workbook_bytes
from sanshe.organizations.http import PageRequest
from sanshe.places.models import Division
from sanshe.projects.forms import RulesForm
from sanshe.projects.models import Proposal, ProposalVersion, ReviewRules
from sanshe.projects.rules import may_set_rules
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.facts import fresh_draft
from sanshe.projects.selectors.versions import changes_between, kept_in, snapshot_of
from sanshe.projects.selectors.withheld import withheld_in
from sanshe.projects.services.review import set_rules
from sanshe.projects.views.proposals import whole_or_404


@login_required
def version(request: PageRequest, pk: int, version_pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    kept = get_object_or_404(ProposalVersion, proposal=proposal, pk=version_pk)
    words = kept_in(kept, withheld_in(proposal.study_id))
    sections = [
        (number, title, words["sections"].get(str(number), ""),
         words["tables"].get(str(number), []))
        for number, title in SECTION_TITLES.items()
    ]  # fmt: skip
    context = {"proposal": proposal, "version": kept, "sections": sections}
    return render(request, "projects/version.html", context)


@login_required
def diff(request: PageRequest, pk: int) -> HttpResponse:
    """What changed from one version (`from`) to another (`to`), or to the proposal as it is."""
    proposal = whole_or_404(request, pk)
    versions = list(proposal.versions.select_related("actor").order_by("pk"))
    if not versions:
        return redirect(proposal)
    old = _chosen(versions, request.GET.get("from")) or versions[-1]
    new = _chosen(versions, request.GET.get("to"))
    withheld = withheld_in(proposal.study_id)
    if new:
        now = kept_in(new, withheld)
    else:
        now = snapshot_of(document_of(proposal, timezone.localdate(), withheld))
    context = {
        "proposal": proposal,
        "versions": versions,
        "old": old,
        "new": new,
        "changes": changes_between(kept_in(old, withheld), now),
    }
    return render(request, "projects/diff.html", context)


def _chosen(versions: list[ProposalVersion], key: str | None) -> ProposalVersion | None:
    return next((kept for kept in versions if str(kept.pk) == key), None)


@login_required
def export_docx(request: PageRequest, pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    content = proposal_bytes(document_of(proposal, timezone.localdate()))
    return _file(request, proposal, content, "docx", DOCX)


@login_required
def export_xlsx(request: PageRequest, pk: int) -> HttpResponse:
    proposal = whole_or_404(request, pk)
    withheld = withheld_in(proposal.study_id)
    today = timezone.localdate()
    others = withheld.everywhere(fresh_draft(proposal, today).others)
    document = document_of(proposal, today, withheld)
    content = workbook_bytes(replace(document, others=others))
    return _file(request, proposal, content, "xlsx", XLSX)


def _file(
    request: PageRequest, proposal: Proposal, content: bytes, suffix: str, kind: str
) -> HttpResponse:
    record_access(request, "export", "projects.proposal", proposal.pk, note=suffix)
    name = _("项目方案-%(title)s-v%(number)d") % {
        "title": proposal.title, "number": proposal.number,
    }  # fmt: skip
    return download(content, f"{name}.{suffix}", kind)


@login_required
def review_rules(request: PageRequest, code: str) -> HttpResponse:
    """Which optional steps the review of a place takes."""
    division = get_object_or_404(Division, pk=code)
    if not may_set_rules(request.scope, division.code):
        return HttpResponse(status=404)
    stored = ReviewRules.objects.filter(division=division).first()
    form = RulesForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        set_rules(division=division, actor=request.user, **form.cleaned_data)
        return redirect("projects:proposals")
    context = {"division": division, "form": form, "stored": stored}
    status = 422 if form.is_bound else 200
    return render(request, "projects/review_rules.html", context, status=status)
