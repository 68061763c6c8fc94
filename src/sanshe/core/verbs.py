"""Saying the two logs in words: what was done, to what, and what changed.

A flow's verbs need no entry here: the moves of a model `Need` are the choices `NeedMove` beside
it, and their labels are used.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.core.models import AppendOnly

#: Verbs that belong to no flow.
VERBS: dict[str, "str | Promise"] = {
    "create": gettext_lazy("新建"),
    "edit": gettext_lazy("修改"),
    "update": gettext_lazy("修改"),
    "delete": gettext_lazy("删除"),
    "import": gettext_lazy("导入"),
    "undo": gettext_lazy("撤销"),
    "export": gettext_lazy("导出"),
    "read": gettext_lazy("查看"),
    "original": gettext_lazy("查看原文"),
    "disable": gettext_lazy("停用"),
    "enable": gettext_lazy("启用"),
    "reset_password": gettext_lazy("重置密码"),
    "reset_mfa": gettext_lazy("重置第二因素"),
    "change_password": gettext_lazy("修改密码"),
    "sign_in": gettext_lazy("登录"),
    "sign_out": gettext_lazy("退出登录"),
    "lock_out": gettext_lazy("登录受限"),
    "unlock": gettext_lazy("解除登录限制"),
    "ask_review": gettext_lazy("申请双人复核"),
    "confirm_review": gettext_lazy("复核同意"),
    "refuse_review": gettext_lazy("复核不同意"),
    "withdraw_review": gettext_lazy("撤回复核申请"),
    "give_role": gettext_lazy("授予角色"),
    "end_role": gettext_lazy("结束角色"),
    "add_certificate": gettext_lazy("登记证书"),
    "remove_certificate": gettext_lazy("删除证书"),
    # needs: what staff and the program do with what was said
    "label": gettext_lazy("核对"),
    "accept_sure": gettext_lazy("批量采纳建议"),
    "propose": gettext_lazy("归并成需求"),
    "voice_in": gettext_lazy("归入原话"),
    "voice_out": gettext_lazy("移出原话"),
    "withdraw": gettext_lazy("撤回空需求"),
    "absorb": gettext_lazy("并入其他需求"),
    "follow": gettext_lazy("随同合并"),
    "release": gettext_lazy("分离已合并的需求"),
    "split": gettext_lazy("拆分"),
    "rename": gettext_lazy("改标题"),
    "lock": gettext_lazy("锁定"),
    "release_lock": gettext_lazy("解锁"),
    "rate": gettext_lazy("填写评分与说明"),
    "lift_safety": gettext_lazy("解除人身安全标记"),
    "raise_safety": gettext_lazy("标记人身安全"),
    "weigh": gettext_lazy("调整排序权重"),
    "learn": gettext_lazy("学习出新版本"),
    "hold_back": gettext_lazy("学习出新版本，未通过检验，不启用"),
    "use": gettext_lazy("启用版本"),
    # matches: what people decide about a suggestion
    "accept": gettext_lazy("采纳"),
    "refuse": gettext_lazy("否决"),
    "reconsider": gettext_lazy("重新考虑"),
    "pin": gettext_lazy("固定"),
    "unpin": gettext_lazy("取消固定"),
    # proposals: work on a section
    "choose": gettext_lazy("选定纳入的需求"),
    "redraft": gettext_lazy("重新起草"),
    "keep": gettext_lazy("保留原文"),
    "remark": gettext_lazy("提出意见"),
    "resolve": gettext_lazy("意见已处理"),
}

#: Stands where a sealed line holds words.
HIDDEN = "…"
#: Fields that hold no words of people.
_WORDLESS = (models.BooleanField, models.DateField, models.FloatField, models.IntegerField)

Seal = Callable[[AppendOnly], bool]


def nothing(_line: AppendOnly) -> bool:
    """Nothing is sealed."""
    return False


@dataclass(frozen=True)
class Change:
    """One field before and after; `before` is empty where only the new value was kept."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryEntry:
    """A line of a log, ready to show."""

    at: datetime
    actor: str
    verb: str
    subject: str
    note: str
    changes: tuple[Change, ...]


def verb_label(subject: str, verb: str) -> str:
    """The verb in words; an unknown one is shown as it is."""
    return str(_moves_of(subject).get(verb) or VERBS.get(verb) or verb)


def subject_label(subject: str) -> str:
    """The kind of thing in words, from the table's own name."""
    model = _model_of(subject)
    return str(model._meta.verbose_name) if model else subject


def entries_of(lines: Iterable[AppendOnly], *, sealed: Seal = nothing) -> list[HistoryEntry]:
    """Lines of a log in words. Read the actors along (`select_related`), or pay for each.

    Of a line that is `sealed` one reads who did what to which row and when, but no words of people.
    """
    return [
        HistoryEntry(
            at=line.at,
            actor=str(line.actor) if line.actor else _("系统"),
            verb=verb_label(line.subject, line.verb),
            subject=subject_label(line.subject),
            note=HIDDEN if line.note and sealed(line) else line.note,
            changes=changes_of(line, sealed=sealed(line)),
        )
        for line in lines
    ]


def changes_of(line: AppendOnly, *, sealed: bool = False) -> tuple[Change, ...]:
    """What a line of history says changed, with the names of the fields; sealed, codes only."""
    changes: dict[str, Any] = getattr(line, "changes", None) or {}
    model = _model_of(line.subject)
    return tuple(
        Change(_label_of(model, name), "", HIDDEN)
        if sealed and not isinstance(_field_of(model, name), _WORDLESS) and not _coded(model, name)
        else _change(model, name, value)
        for name, value in changes.items()
    )


def _coded(model: type[models.Model] | None, name: str) -> bool:
    return bool(getattr(_field_of(model, name), "flatchoices", None))


def _label_of(model: type[models.Model] | None, name: str) -> str:
    return str(getattr(_field_of(model, name), "verbose_name", name))


def _change(model: type[models.Model] | None, name: str, value: Any) -> Change:
    before: Any = ""
    if isinstance(value, (list, tuple)) and len(value) == 2:
        before, value = value
    field = _field_of(model, name)
    return Change(_label_of(model, name), _shown(field, before), _shown(field, value))


def _shown(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field is not None and not isinstance(value, (list, dict)):
        value = dict(getattr(field, "flatchoices", None) or {}).get(value, value)
    if isinstance(value, (list, tuple)):
        return _("、").join(str(part) for part in value)
    if isinstance(value, dict):
        colon = _("：")
        return _("；").join(f"{key}{colon}{part}" for key, part in value.items())
    return str(value)


def _field_of(model: type[models.Model] | None, name: str) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _model_of(subject: str) -> type[models.Model] | None:
    try:
        return apps.get_model(subject)
    except (LookupError, ValueError):
        return None


@lru_cache(maxsize=256)
def _moves_of(subject: str) -> "dict[str, str | Promise]":
    model = _model_of(subject)
    if model is None:
        return {}
    moves = getattr(sys.modules[model.__module__], f"{model.__name__}Move", None)
    if not (isinstance(moves, type) and issubclass(moves, models.TextChoices)):
        return {}
    return {member.value: member.label for member in moves}
