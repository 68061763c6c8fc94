"""Pages about the tree of needs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry
from sanshe.core.history import history_of
from sanshe.taxonomy.forms import NeedTypeForm, SearchForm
from sanshe.taxonomy.http import TaxonomyRequest
from sanshe.taxonomy.models import NeedType
from sanshe.taxonomy.rules import may_edit_taxonomy
from sanshe.taxonomy.selectors import (
    default_reason,
    exemplar_counts,
    fields_with_types,
    need_types_visible_to,
    type_defaults,
)
from sanshe.taxonomy.services import edit_need_type


@login_required
def type_list(request: TaxonomyRequest) -> HttpResponse:
    """The whole tree on one page: it is small, and people read it as one."""
    form = SearchForm(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    fields = fields_with_types(request.scope, q)
    return render(
        request,
        "taxonomy/type_list.html",
        {
            "form": form,
            "q": q,
            "fields": fields,
            "count": sum(len(getattr(field, "types", ())) for field in fields),
        },
    )


@login_required
def type_detail(request: TaxonomyRequest, code: str) -> HttpResponse:
    """One need type: what it means, by which words it is known, what stands beside it."""
    visible = need_types_visible_to(request.scope)
    need_type = get_object_or_404(visible, pk=code)
    return render(
        request,
        "taxonomy/type_detail.html",
        {
            "need_type": need_type,
            "exemplars": exemplar_counts()[need_type.code],
            "defaults": type_defaults(need_type.code),
            "reason": default_reason(need_type.code),
            "siblings": visible.filter(field=need_type.field).exclude(pk=need_type.pk),
            "may_edit": may_edit_taxonomy(request.scope),
            "history": history_of(need_type)[:20] if may_edit_taxonomy(request.scope) else None,
        },
    )


@login_required
def type_edit(request: TaxonomyRequest, code: str) -> HttpResponse:
    """Change the names and keywords of a need type."""
    need_type = get_object_or_404(need_types_visible_to(request.scope), pk=code)
    if not may_edit_taxonomy(request.scope):
        raise PermissionDenied
    form = NeedTypeForm(
        request.POST or None,
        instance=NeedType.objects.get(pk=code),
        initial={"words": "、".join(need_type.keywords)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_need_type(
                need_type=need_type,
                name_zh=form.cleaned_data["name_zh"],
                name_en=form.cleaned_data["name_en"],
                keywords=form.cleaned_data["words"],
                actor=request.user,
                reach=request.scope,
            )
        except BadEntry as error:
            form.add_error("words", str(error.message))
        else:
            messages.success(request, _("已保存。新的关键词从下一次分类起生效。"))
            return redirect(need_type)
    return render(
        request,
        "taxonomy/type_edit.html",
        {"need_type": need_type, "form": form},
        status=422 if form.errors else 200,
    )
