"""Withdrawing needs that the machine proposed and that nobody speaks for any more."""

from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from sanshe.accounts.models import User
from sanshe.core.history import record
from sanshe.needs.models import Labelling, Need, NeedStatus


def withdraw_if_empty(need: Need, actor: User | None) -> bool:
    """Delete a need without voices that people have not touched; whether it was.

    What a proposal, another need or a person's decision refers to stays, without voices, for
    people to decide. The history keeps that it was there.
    """
    untouched = need.status == NeedStatus.NEW and not need.locked and not need.renamed
    # Hidden relations too: a proposal keeps its needs without a name for the way back.
    relations = need._meta.get_fields(include_hidden=True)
    if not untouched or any(
        _refers(relation, need) for relation in relations if isinstance(relation, ForeignObjectRel)
    ):
        return False
    record(need, "withdraw", actor=actor, changes={"title": need.title})
    need.delete()
    return True


def _refers(relation: ForeignObjectRel, need: Need) -> bool:
    # A decision that took the last voice out of the need is no reason to keep it.
    if relation.related_model is Labelling:
        return False
    # Nor is what a machine wrote and nobody has decided about: such a table says `UNDECIDED`.
    undecided: Q | None = getattr(relation.related_model, "UNDECIDED", None)
    rows = relation.related_model._base_manager.filter(**{relation.field.name: need})
    return (rows if undecided is None else rows.exclude(undecided)).exists()
