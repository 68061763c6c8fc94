"""Reading the tree of needs."""

from collections import Counter
from functools import lru_cache

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language

from sanshe.places.rules import Reach
from sanshe.taxonomy.defaults import TypeDefaults, load_defaults
from sanshe.taxonomy.models import Field, NeedType
from sanshe.taxonomy.rules import may_see_taxonomy
from sanshe.taxonomy.tree import load_exemplars


def fields_with_types(reach: Reach, q: str = "") -> list[Field]:
    """The fields, each with `.types`; with `q` only what has it in name, code or keywords."""
    if not may_see_taxonomy(reach):
        return []
    types = need_types_matching(q)
    fields = Field.objects.prefetch_related(Prefetch("needtype_set", types, to_attr="types"))
    return [field for field in fields if getattr(field, "types", None) or not q]


def need_types_matching(q: str) -> QuerySet[NeedType]:
    """Leaves that have the words in code, name or keywords; all of them without words."""
    types = NeedType.objects.select_related("field")
    if not q:
        return types
    named = types.filter(
        Q(code__istartswith=q) | Q(name_zh__icontains=q) | Q(name_en__icontains=q)
    ).values_list("pk", flat=True)
    # Keywords are a JSON list, which databases search each in their own way; 89 rows are few.
    listed = [
        code
        for code, words in types.values_list("code", "keywords")
        if any(q in word for word in words)
    ]
    return types.filter(pk__in={*named, *listed})


def need_types_visible_to(reach: Reach) -> QuerySet[NeedType]:
    """Leaves with their field, retired ones too."""
    types = NeedType.objects.select_related("field")
    return types if may_see_taxonomy(reach) else types.none()


def open_need_types() -> QuerySet[NeedType]:
    """The leaves one may still choose, with their field."""
    return NeedType.objects.filter(retired_on__isnull=True).select_related("field")


@lru_cache(maxsize=1)
def exemplar_counts() -> Counter[str]:
    """How many sentences the shipped files hold for each leaf."""
    return Counter(exemplar.label for exemplar in load_exemplars())


def type_defaults(code: str) -> TypeDefaults | None:
    """The severity, urgency and feasibility a type stands at until a need is rated."""
    return load_defaults().get(code)


def default_reason(code: str) -> str:
    """Why a type has these defaults, in the reader's language; "" for a type without any."""
    row = type_defaults(code)
    if row is None:
        return ""
    return row.reason_en if (get_language() or "").startswith("en") else row.reason_zh
