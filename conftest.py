"""What holds for every test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_tried_before() -> None:
    """Attempts to sign in are counted in the cache; those of another test are none of this one."""
    cache.clear()
