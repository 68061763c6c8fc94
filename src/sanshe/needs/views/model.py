"""The classifier: versions, how good they are, what they mix up, learning again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.needs.models import LearningRun, ModelVersion
from sanshe.needs.rules import may_read_models, may_switch_model, may_teach
from sanshe.needs.selectors.learning import (
    accuracy,
    accuracy_by_field,
    confusions,
    decisions_since,
    switches,
    version_lines,
)
from sanshe.needs.services.classifier import path_of
from sanshe.needs.services.learning import ENOUGH, ask_learning, learned_upto, switch_model
from sanshe.needs.services.lessons import ORGANIZATION_SHARE
from sanshe.needs.views.gate import demand, page
from sanshe.organizations.http import PageRequest

SWITCHES = 10


@page
@require_safe
def model(request: PageRequest) -> HttpResponse:
    demand(may_read_models(request.scope))
    lines = version_lines()
    current = next((line for line in lines if line.version.active), None)
    return render(
        request,
        "needs/model.html",
        {
            "lines": lines,
            "on_file": {line.version.pk for line in lines if path_of(line.version).is_file()},
            "current": current,
            "overall": accuracy(None),
            "by_field": accuracy_by_field(current.version if current else None),
            "confusions": confusions(),
            "switches": switches()[:SWITCHES],
            "organization_share": ORGANIZATION_SHARE,
            "runs": list(LearningRun.objects.select_related("asked_by", "model")[:5]),
            "fresh": decisions_since(learned_upto()),
            "enough": ENOUGH,
            "may_teach": may_teach(request.scope),
            "may_switch": may_switch_model(request.scope),
        },
    )


@page
@require_POST
def model_learn(request: PageRequest) -> HttpResponse:
    demand(may_read_models(request.scope))
    try:
        ask_learning(actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("已请求重新学习；新版本通过检验后会自动启用。"))
    return redirect("needs:model")


@page
@require_POST
def model_use(request: PageRequest, pk: int) -> HttpResponse:
    demand(may_read_models(request.scope))
    version = get_object_or_404(ModelVersion, pk=pk)
    try:
        switch_model(version=version, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("现在使用版本 %(version)s。") % {"version": version})
    return redirect("needs:model")
