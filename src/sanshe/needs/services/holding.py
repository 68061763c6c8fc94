"""Holding the needs one is about to change: locked in one order, asked who, asked whether."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import NotNow
from sanshe.needs.models import Need, Study
from sanshe.needs.rules import may_arrange
from sanshe.needs.services.actors import demand, scope_today


def hold_needs(need: Need, actor: User, pks: Collection[int]) -> tuple[Study, dict[int, Need]]:
    """The study and those of its needs, locked in one order, if the actor may arrange them."""
    study = Study.objects.select_for_update(of=("self",)).select_related("community").get(
        pk=need.study_id
    )  # fmt: skip
    demand(may_arrange(scope_today(actor), study))
    needs = Need.objects.select_for_update(of=("self",)).filter(pk__in=pks, study=study)
    return study, {found.pk: found for found in needs.order_by("pk")}


def demand_unlocked(*needs: Need) -> None:
    """Raises NotNow where people have said that a need stays as it is."""
    for need in needs:
        if need.locked:
            raise NotNow(_("“%(title)s”已锁定，请先解锁再改动。") % {"title": need.title})
