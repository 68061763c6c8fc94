"""Withdrawing needs that the machine proposed and that nobody speaks for any more."""

from django.db.models.fields.reverse_related import ForeignObjectRel

from sanshe.accounts.models import User
from sanshe.core.history import record
from sanshe.needs.models import Labelling, Need, NeedStatus


def withdraw_if_empty(need: Need, actor: User | None) -> bool:
    """Delete a need without voices that people have not touched; whether it was.

    What a run, a proposal or another need refers to stays, without voices, for people to decide.
    The history keeps that it was there.
    """
    untouched = need.status == NeedStatus.NEW and not need.locked and not need.renamed
    if not untouched or any(_refers(relation, need) for relation in need._meta.related_objects):
        return False
    record(need, "withdraw", actor=actor, changes={"title": need.title})
    need.delete()
    return True


def _refers(relation: ForeignObjectRel, need: Need) -> bool:
    # A decision that took the last voice out of the need is no reason to keep it.
    if relation.related_model is Labelling:
        return False
    field = relation.field.name
    return relation.related_model._base_manager.filter(**{field: need}).exists()
