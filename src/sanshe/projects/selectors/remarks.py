"""What reviewers said about a proposal."""

from django.db.models import QuerySet

from sanshe.organizations.scope import Scope
from sanshe.projects.models import Proposal, ReviewRemark
from sanshe.projects.rules import of_the_house


def remarks_visible_to(scope: Scope, proposal: Proposal) -> QuerySet[ReviewRemark]:
    """The remarks this person may read: those inside the agency are for the agency alone."""
    remarks = ReviewRemark.objects.filter(section__proposal=proposal)
    if not of_the_house(scope, proposal):
        remarks = remarks.filter(inhouse=False)
    return remarks.select_related("section", "author", "resolved_by")
