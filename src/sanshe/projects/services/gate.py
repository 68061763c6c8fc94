"""What every change of a proposal asks first: the lock, and whether the needs fit it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.needs.models import Need
from sanshe.needs.services.actors import demand, scope_today
from sanshe.projects.models import Proposal
from sanshe.projects.rules import EDITABLE, WRITERS, writes_for


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, with its row locked until the transaction ends."""
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("community__parent", "organization", "study", "lead", "match_run")
        .get(pk=proposal.pk)
    )


def locked_for_editing(proposal: Proposal, actor: User) -> Proposal:
    """Raises NotPermitted for people who do not write it, NotNow once it has been handed in."""
    proposal = locked(proposal)
    demand(writes_for(scope_today(actor), proposal, *WRITERS))
    if proposal.status not in EDITABLE:
        raise NotNow(
            _("方案现在是“%(state)s”，不能修改。需要修改时请先退回到草稿。")
            % {"state": proposal.get_status_display()}
        )
    return proposal


def demand_fit(needs: Sequence[Need], study_pk: int) -> None:
    """Raises BadEntry: no need was chosen, or one belongs elsewhere or concerns safety."""
    if not needs:
        raise BadEntry(_("请至少选择一项需求；方案要回应需求。"))
    if any(need.safety or need.study_id != study_pk for need in needs):
        raise BadEntry(_("所选需求中有不属于本调研或涉及人身安全的，不能写进方案。"))
