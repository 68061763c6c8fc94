"""Needs' types for tests, taken from the shipped tree."""

from sanshe.taxonomy.models import Field, NeedType
from sanshe.taxonomy.tree import load_tree


def make_need_type(code: str = "ELD03") -> NeedType:
    """A leaf of the shipped tree, with its field."""
    leaf = load_tree().by_code[code]
    branch = load_tree().field_of(code)
    field, _ = Field.objects.get_or_create(
        code=branch.code, defaults={"name_zh": branch.name_zh, "name_en": branch.name_en}
    )
    need_type, _ = NeedType.objects.get_or_create(
        code=code,
        defaults={
            "field": field,
            "name_zh": leaf.name_zh,
            "name_en": leaf.name_en,
            "safety": leaf.safety,
            "keywords": list(leaf.keywords),
        },
    )
    return need_type
