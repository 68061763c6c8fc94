"""Who may do what with offers and runs. Pure predicates over a Scope."""

from sanshe.needs.models import Study
from sanshe.needs.rules import COLLECTORS, hosts, is_close, runs
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope

#: Roles that look for offers everywhere in their city.
SEEKERS = (
    Role.CITY, Role.CIVIL, Role.TOWN, Role.COMM, Role.STATION, Role.AGENCY, Role.SUPV, Role.SW,
)  # fmt: skip
#: Roles that keep the offers of their own organisation.
PROVIDERS = (Role.AGENCY, Role.CORG, Role.DONOR, Role.STATION, Role.COMM, Role.TOWN)


def may_keep_offers_of(scope: Scope, organization_pk: int) -> bool:
    return organization_pk in scope.organization_pks(*PROVIDERS)


def may_offer(scope: Scope) -> bool:
    return bool(scope.organization_pks(*PROVIDERS))


def may_run(scope: Scope, study: Study) -> bool:
    """Whether the person matches the needs of this study."""
    return runs(scope, study, *COLLECTORS)


def may_decide(scope: Scope, study: Study) -> bool:
    """Whether the person accepts, refuses and pins; a machine's match is only a suggestion."""
    return runs(scope, study, *COLLECTORS) or hosts(scope, study)


def may_see_safety(scope: Scope, study: Study) -> bool:
    return is_close(scope, study)
