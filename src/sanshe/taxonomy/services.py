"""Loading the tree, and changing names and keywords."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.core.history import record
from sanshe.places.rules import Reach
from sanshe.taxonomy.models import Field, Named, NeedType
from sanshe.taxonomy.rules import may_edit_taxonomy
from sanshe.taxonomy.tree import Tree

MOST_KEYWORDS = 60
LONGEST_KEYWORD = 20


@dataclass
class TreeReport:
    """What loading did, or would do."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Changed by people here: the shipped names and keywords were not taken."""
    unchanged: int = 0


@transaction.atomic
def load_tree_into_tables(*, tree: Tree, on: date, dry_run: bool = False) -> TreeReport:
    """Bring the tables in step with a tree. Nothing is deleted: what is gone is retired on `on`.

    Raises:
        BadEntry: a retired code comes back under another name; a code is never used again.
    """
    report = TreeReport()
    fields = Field.objects.in_bulk()
    for branch in tree.fields:
        names: dict[str, object] = {"name_zh": branch.name_zh, "name_en": branch.name_en}
        _bring(Field, fields.pop(branch.code, None), branch.code, names, report, dry_run)
    types = NeedType.objects.in_bulk()
    for leaf in tree.leaves:
        values: dict[str, object] = {
            "field_id": leaf.field,
            "name_zh": leaf.name_zh,
            "name_en": leaf.name_en,
            "safety": leaf.safety,
            "keywords": list(leaf.keywords),
        }
        _bring(NeedType, types.pop(leaf.code, None), leaf.code, values, report, dry_run)
    for gone in (*fields.values(), *types.values()):
        if gone.retired_on is None:
            report.retired.append(gone.code)
            if not dry_run:
                gone.retired_on = on
                gone.save(update_fields=["retired_on"])
    return report


def _bring(
    model: type[Named],
    there: Named | None,
    code: str,
    values: dict[str, object],
    report: TreeReport,
    dry_run: bool,
) -> None:
    if there is None:
        report.added.append(code)
        if not dry_run:
            model._default_manager.create(code=code, **values)
        return
    if there.retired_on is not None and there.name_zh != values["name_zh"]:
        raise BadEntry(
            _("代码 %(code)s 已停用（原为“%(name)s”），不能改作他用；请换一个新代码")
            % {"code": code, "name": there.name_zh}
        )
    if there.edited:
        # Safety and the place in the tree are the product's; the words are the city's.
        kept = {"name_zh", "name_en", "keywords"}
        values = {name: value for name, value in values.items() if name not in kept}
        report.kept.append(code)
    changes = {n: v for n, v in {**values, "retired_on": None}.items() if getattr(there, n) != v}
    if not changes:
        report.unchanged += 1
        return
    report.changed.append(code)
    if not dry_run:
        for name, value in changes.items():
            setattr(there, name, value)
        there.save(update_fields=list(changes))


@transaction.atomic
def edit_need_type(
    *,
    need_type: NeedType,
    name_zh: str,
    name_en: str,
    keywords: Iterable[str],
    actor: User,
    reach: Reach,
) -> NeedType:
    """Give a leaf other names or keywords; its code and its meaning stay.

    Raises:
        NotPermitted: only the system administrator may.
        BadEntry: a keyword is too long, or there are too many.
    """
    if not may_edit_taxonomy(reach):
        raise NotPermitted(_("只有系统管理员可以修改需求类型"))
    words = list(dict.fromkeys(word.strip() for word in keywords if word.strip()))
    if len(words) > MOST_KEYWORDS:
        raise BadEntry(_("关键词最多 %(most)s 个") % {"most": MOST_KEYWORDS})
    too_long = next((word for word in words if len(word) > LONGEST_KEYWORD), None)
    if too_long is not None:
        raise BadEntry(
            _("关键词“%(word)s”太长，最多 %(most)s 个字")
            % {"word": too_long, "most": LONGEST_KEYWORD}
        )
    need_type = NeedType.objects.select_for_update().get(pk=need_type.pk)
    after = {"name_zh": name_zh.strip(), "name_en": name_en.strip(), "keywords": words}
    changes = {
        n: [getattr(need_type, n), v] for n, v in after.items() if getattr(need_type, n) != v
    }
    if not changes:
        return need_type
    for name, (_before, value) in changes.items():
        setattr(need_type, name, value)
    need_type.edited = True
    need_type.save(update_fields=[*changes, "edited"])
    record(need_type, "edit", actor=actor, changes=changes)
    return need_type
