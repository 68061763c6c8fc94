"""The weights by which needs are ranked: versions of a study, and the studies that have some."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.needs.forms.needs import WeightsForm
from sanshe.needs.models import WeightSet
from sanshe.needs.rules import is_close, may_weigh
from sanshe.needs.selectors.needs import COMPONENTS, weights_of
from sanshe.needs.selectors.studies import studies_visible_to
from sanshe.needs.services.ranking import set_weights
from sanshe.needs.views.gate import PAGE, demand, page
from sanshe.needs.views.studies import study_or_404
from sanshe.organizations.http import PageRequest


@page
@require_safe
def weights(request: PageRequest) -> HttpResponse:
    """Every study one sees, with the weights it is ranked by."""
    found = Paginator(studies_visible_to(request.scope), PAGE).get_page(request.GET.get("page"))
    studies = list(found.object_list)
    chosen: dict[int | None, WeightSet] = {}
    for version in WeightSet.objects.filter(study__in=studies).order_by("pk"):
        chosen[version.study_id] = version
    rows = [
        {"study": study, "weights": _named(chosen.get(study.pk)), "version": chosen.get(study.pk)}
        for study in studies
    ]
    names = [str(label) for label in COMPONENTS.values()]
    return render(request, "needs/weights.html", {"page": found, "rows": rows, "names": names})


@page
def study_weights(request: PageRequest, study_pk: int) -> HttpResponse:
    """The weights of one study: the form, and the versions before."""
    study = study_or_404(request, study_pk)
    demand(is_close(request.scope, study))
    may = may_weigh(request.scope, study)
    current = weights_of(study)
    posted = request.method == "POST"
    form = WeightsForm(request.POST if posted else None, weights=current)
    if posted:
        demand(may)
        if form.is_valid():
            note = form.cleaned_data["note"]
            try:
                set_weights(study=study, weights=form.weights(), actor=request.user, note=note)
            except NotPermitted:
                raise
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _("权重已保存，需求已按新权重重新排序。"))
                return redirect("needs:board", study.pk)
    versions = WeightSet.objects.filter(study=study).select_related("actor")[:20]
    return render(
        request,
        "needs/study_weights.html",
        {
            "study": study,
            "form": form,
            "may_weigh": may,
            "current": _named(current),
            "versions": [{"version": v, "weights": _named(v)} for v in versions],
        },
        status=422 if form.errors else 200,
    )


def _named(chosen: WeightSet | None) -> list[tuple[str, float]]:
    chosen = chosen or WeightSet()
    return [(str(label), getattr(chosen, name)) for name, label in COMPONENTS.items()]
