"""What a run keeps of needs that nobody speaks for any more."""

import pytest
from django.test import Client

from sanshe.matching.tests.factories import make_gap, make_match, make_offer, make_run
from sanshe.needs.models import Need, Statement, Study
from sanshe.needs.services.labelling import clear_safety
from sanshe.needs.tests.factories import make_interview, make_need, make_statement
from sanshe.organizations.tests.factories import Cast

pytestmark = pytest.mark.django_db


def flagged(study: Study) -> Statement:
    """A flagged statement in a safety need of its own."""
    statement = make_statement(make_interview(study), safety=True)
    make_need(study, safety=True, statements=[statement])
    return statement


def need_of(statement: Statement) -> Need:
    assert statement.need is not None
    return statement.need


def test_suggested_matches_and_gaps_do_not_keep_a_cleared_safety_need(
    client: Client, cast: Cast, study: Study
) -> None:
    run = make_run(study)
    matched, missed = flagged(study), flagged(study)
    make_match(run, need_of(matched), make_offer())
    make_gap(run, need_of(missed))
    for statement in (matched, missed):
        clear_safety(statement=statement, actor=cast.social_worker)
    assert not Need.objects.filter(study=study).exists()
    client.force_login(cast.social_worker)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "有 2 项需求已撤回" in page and "去重新匹配" in page


def test_a_match_people_decided_about_keeps_its_need(cast: Cast, study: Study) -> None:
    statement = flagged(study)
    match = make_match(make_run(study), need_of(statement), make_offer())
    match.pinned = True
    match.save()
    clear_safety(statement=statement, actor=cast.social_worker)
    assert Need.objects.filter(pk=match.need_id).exists()
