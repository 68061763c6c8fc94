"""What holds for every test, and the people and the study that most of them begin with."""

import pytest
from django.core.cache import cache

from sanshe.needs.models import Study
from sanshe.needs.tests.factories import make_study
from sanshe.organizations.tests.factories import Cast, make_cast


@pytest.fixture(autouse=True)
def _nobody_has_tried_before() -> None:
    """Attempts to sign in are counted in the cache; those of another test are none of this one."""
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def study(cast: Cast) -> Study:
    """A study of the cast's agency in the cast's community."""
    return make_study(organization=cast.agency, community=cast.community)
