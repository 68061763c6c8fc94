"""Making a database ready, as often as one likes."""

from io import StringIO

import pytest
from django.core.management import call_command

from sanshe.places.models import Division
from sanshe.taxonomy.models import NeedType


@pytest.mark.django_db
def test_preparing_twice_leaves_what_preparing_once_made() -> None:
    call_command("prepare", stdout=StringIO())
    once = (NeedType.objects.count(), Division.objects.count())
    out = StringIO()
    call_command("prepare", stdout=out)
    assert once == (NeedType.objects.count(), Division.objects.count())
    assert min(once) > 0
    assert "database ready" in out.getvalue()
