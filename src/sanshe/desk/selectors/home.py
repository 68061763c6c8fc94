"""Who finds what on the first page."""

from datetime import date

from sanshe.desk.selectors import field, offices, overview
from sanshe.desk.selectors.parts import Home
from sanshe.needs.rules import PUBLIC_READERS, RUNNERS
from sanshe.organizations.models import ADMIN_ROLES, Role
from sanshe.organizations.scope import Scope

_OFFICERS = (Role.CITY, Role.CIVIL, Role.TOWN, Role.STATION)


def home_of(scope: Scope, today: date) -> Home:
    """Today's work of one person. The number of queries depends on the roles, not on the rows."""
    home = Home()
    staff = bool(scope.organization_pks(*RUNNERS))
    if staff or scope.has(Role.COMM):
        home.add(field.safety_group(scope))
    if scope.has(Role.COMM):
        home.add(field.community_study_group(scope), field.community_proposal_group(scope))
    if staff:
        home.add(field.study_group(scope), field.agency_proposal_group(scope))
    if scope.has(Role.COMM, Role.STATION, Role.TOWN):
        home.add(field.telling_group(scope))
    if staff or scope.has(Role.COMM, *_OFFICERS):
        home.add(*overview.figures(scope))
    if scope.has(*_OFFICERS):
        home.add(overview.moving_group(scope), overview.proposal_group(scope))
    elif scope.has(*PUBLIC_READERS):
        home.add(overview.proposal_group(scope), overview.answered_group(scope))
    if scope.has(Role.CORG, Role.DONOR, Role.VOL):
        home.add(overview.offer_figure(scope))
    home.add(*overview.public_guides(scope))
    if scope.has(*ADMIN_ROLES):
        home.add(*offices.review_groups(scope, today))
    if scope.has(Role.SYS):
        home.add(*offices.system_figures())
    if scope.has(Role.SEC):
        home.add(*offices.security_groups(today))
    if scope.has(Role.AUD):
        home.add(*offices.audit_figures())
    return home
