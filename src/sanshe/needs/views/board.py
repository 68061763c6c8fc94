"""The board of a study's needs: ranked, filtered, merged, exported."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.downloads import workbook
from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.events import announce
from sanshe.core.history import record_access, subject_of
from sanshe.needs.forms.needs import BoardFilter, MergeForm
from sanshe.needs.models import Band, Need, Study
from sanshe.needs.rules import may_arrange, may_label, may_see_safety, may_weigh
from sanshe.needs.selectors.needs import (
    Card,
    cards_of,
    needs_visible_to,
    priority_parts,
    safety_need_count,
    safety_needs_of,
    weights_of,
    with_voices,
)
from sanshe.needs.selectors.studies import coverage_of
from sanshe.needs.services.arranging import merge_needs
from sanshe.needs.services.needs import propose_needs, unplaced
from sanshe.needs.views.gate import PAGE, demand, page
from sanshe.needs.views.studies import study_or_404
from sanshe.office.write import SheetOut
from sanshe.organizations.http import PageRequest

_COLUMN = 15
#: So many statements are formed into needs while one waits; more go to the worker.
AT_ONCE = 2000
BANDS = [band for band in Band if band != Band.P0]


@dataclass(frozen=True)
class Column:
    """The needs of one band, the first of them as cards."""

    band: Band
    total: int
    cards: list[Card]

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


@page
@require_safe
def board(request: PageRequest, study_pk: int) -> HttpResponse:
    study = study_or_404(request, study_pk)
    scope = request.scope
    form = BoardFilter(request.GET)
    needs = form.narrow(_ordinary(request, study))
    flat = form.is_valid() and bool(form.cleaned_data["band"] or form.cleaned_data["status"])
    found = Paginator(needs, PAGE).get_page(request.GET.get("page")) if flat else None
    sees_safety = may_see_safety(scope, study)
    return render(
        request,
        "needs/board.html",
        {
            "study": study,
            "form": form,
            "filtered": form.is_valid() and any(form.cleaned_data.values()),
            "page": found,
            "cards": cards_of(found.object_list) if found is not None else [],
            "columns": [] if flat else _columns(needs),
            "query": _query_without(request, "page", "band"),
            "safety": safety_needs_of(study) if sees_safety else [],
            "safety_count": safety_need_count(study),
            "sees_safety": sees_safety,
            "now": timezone.now(),
            "coverage": coverage_of(study),
            "unplaced": unplaced(study) if sees_safety else 0,
            "weights": weights_of(study),
            "may_arrange": may_arrange(scope, study),
            "may_label": may_label(scope, study),
            "may_weigh": may_weigh(scope, study),
        },
    )


@page
@require_POST
def needs_propose(request: PageRequest, study_pk: int) -> HttpResponse:
    """Put what was said into needs: now, or by the worker where there is very much."""
    study = study_or_404(request, study_pk)
    demand(may_arrange(request.scope, study))
    if unplaced(study) > AT_ONCE:
        announce("needs.wanted", study.pk)
        messages.info(request, _("诉求较多，正在后台归并；完成后刷新本页即可看到。"))
        return redirect("needs:board", study.pk)
    result = propose_needs(study=study, actor=request.user)
    if result.made or result.joined or result.safety:
        messages.success(
            request,
            _("新归并 %(made)s 个需求，%(joined)s 条原话加入已有需求，%(safety)s 条转入人身安全。")
            % {"made": result.made, "joined": result.joined, "safety": result.safety},
        )
    else:
        messages.info(request, _("没有新的诉求可以归并：已有类型的原话都在需求里了。"))
    return redirect("needs:board", study.pk)


@page
def merge_choose(request: PageRequest, study_pk: int) -> HttpResponse:
    """The needs that were ticked on the board: choose the one that stays, then merge."""
    study = study_or_404(request, study_pk)
    demand(may_arrange(request.scope, study))
    needs = needs_visible_to(request.scope).filter(study=study)
    posted = request.method == "POST"
    form = MergeForm(request.POST if posted else request.GET, needs=needs)
    if not form.is_valid() or len(form.cleaned_data["need"]) < 2:
        messages.error(request, _("请先在需求板上勾选两个以上的需求，再点“合并所选”。"))
        return redirect("needs:board", study.pk)
    chosen = form.cleaned_data["need"]
    if posted and form.cleaned_data["main"] in chosen:
        main = form.cleaned_data["main"]
        try:
            merge_needs(main=main, others=list(chosen.exclude(pk=main.pk)), actor=request.user)
        except NotPermitted:
            raise
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("已合并到“%(title)s”。") % {"title": main.title})
            return redirect("needs:need", main.pk)
    cards = cards_of(chosen)
    return render(
        request,
        "needs/merge_choose.html",
        {
            "study": study,
            "cards": sorted(cards, key=lambda card: (-card.voices, card.need.pk)),
        },
        status=422 if posted else 200,
    )


@page
@require_safe
def board_export(request: PageRequest, study_pk: int) -> HttpResponse:
    """The needs as a workbook, safety left out; the export is logged."""
    study = study_or_404(request, study_pk)
    needs = list(with_voices(BoardFilter(request.GET).narrow(_ordinary(request, study))))
    with transaction.atomic():
        record_access(request, "export", *subject_of(study), rows=len(needs), note=study.title)
    parts = {need.pk: priority_parts(need) for need in needs}
    names = [part.label for part in parts[needs[0].pk]] if needs else []
    sheet = SheetOut(
        name=_("需求"),
        columns=[_("编号"), _("标题"), _("服务领域"), _("需求类型"), _("社区（村）"), _("状态"),
                 _("等级"), _("优先级"), _("原话条数"), _("涉及人数"), *names, _("权重版本"),
                 _("说明"), _("给居民的答复")],
        rows=(
            [
                need.pk,
                need.title,
                str(need.need_type.field),
                f"{need.need_type_id} {need.need_type}",
                need.community.short_name,
                need.get_status_display(),
                need.band,
                round(need.priority, 1),
                need.voices,  # type: ignore[attr-defined]
                need.people_affected,
                *(round(part.points, 1) for part in parts[need.pk]),
                str(need.weights or _("默认")),
                need.description,
                need.answer,
            ]
            for need in needs
        ),
        title=study.title,
    )  # fmt: skip
    return workbook(f"{study.title}-{_('需求')}.xlsx", [sheet])


def _ordinary(request: PageRequest, study: Study) -> QuerySet[Need]:
    """The needs that are ranked: safety stands apart, for everybody."""
    return needs_visible_to(request.scope).filter(study=study, safety=False)


def _columns(needs: QuerySet[Need]) -> list[Column]:
    totals = dict(needs.order_by().values_list("band").annotate(total=Count("pk")))
    shown = {band: list(needs.filter(band=band)[:_COLUMN]) for band in BANDS}
    cards = {
        card.need.pk: card for card in cards_of([n for found in shown.values() for n in found])
    }
    return [
        Column(band, totals.get(band.value, 0), [cards[need.pk] for need in shown[band]])
        for band in BANDS
    ]


def _query_without(request: PageRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
