"""The pages of matching: who reaches them, what they show, how many queries they cost."""

import pytest
from django.test import Client
from django.urls import reverse

from sanshe.core.models import AccessLine
from sanshe.matching.models import MatchStatus, Offer
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.models import Study
from sanshe.needs.tests.factories import make_need, make_need_type
from sanshe.organizations.models import Kind, Role
from sanshe.organizations.tests.factories import Cast, make_member, make_organization

pytestmark = pytest.mark.django_db


def signed_in(client: Client, user: object) -> Client:
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_run_shows_matches_gaps_and_the_proof(client: Client, cast: Cast, study: Study) -> None:
    make_need(study, "路灯不亮")
    make_need(study, "没人教手机", need_type=make_need_type("ELD08"))
    make_offer("路灯巡修")
    signed_in(client, cast.social_worker)
    answer = client.post(reverse("matching:run_create", args=[study.pk]), {"aim": "lexicographic"})
    page = client.get(answer["Location"]).content.decode()
    assert "已证明最优" in page
    assert "路灯巡修" in page
    gaps = client.get(answer["Location"], {"show": "gaps"}).content.decode()
    assert "全市没有这一领域的服务资源" in gaps


def test_accepting_by_htmx_answers_with_the_card_alone(
    client: Client, cast: Cast, study: Study
) -> None:
    match = make_match(make_run(study), make_need(study), make_offer())
    signed_in(client, cast.social_worker)
    answer = client.post(
        reverse("matching:match_decide", args=[match.pk]), {"decision": "accept"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "已采纳" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    match.refresh_from_db()
    assert match.status == MatchStatus.ACCEPTED


def test_a_refusal_without_a_reason_says_what_to_do(
    client: Client, cast: Cast, study: Study
) -> None:
    match = make_match(make_run(study), make_need(study), make_offer())
    signed_in(client, cast.social_worker)
    url = reverse("matching:match_decide", args=[match.pk])
    answer = client.post(url, {"decision": "refuse"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "请写明否决的理由" in answer.content.decode()
    plain = client.post(url, {"decision": "refuse"}, follow=True)
    assert "请写明否决的理由" in plain.content.decode()


def test_safety_matches_are_hidden_from_those_not_close_to_the_study(
    client: Client, cast: Cast, study: Study
) -> None:
    run = make_run(study)
    match = make_match(run, make_need(study, "孩子身上有伤", safety=True), make_offer("未保服务"))
    page = signed_in(client, cast.town_officer).get(run.get_absolute_url()).content.decode()
    assert "孩子身上有伤" not in page and "未保服务" not in page
    assert "另有 1 项人身安全需求" in page
    assert client.post(
        reverse("matching:match_decide", args=[match.pk]), {"decision": "accept"}
    ).status_code == 404  # fmt: skip
    page = signed_in(client, cast.social_worker).get(run.get_absolute_url()).content.decode()
    assert "孩子身上有伤" in page


def test_strangers_do_not_learn_that_a_run_exists(client: Client, cast: Cast, study: Study) -> None:
    run = make_run(study)
    match = make_match(run, make_need(study), make_offer())
    for person in (cast.stranger, cast.strange_community_worker):
        signed_in(client, person)
        for url in (
            run.get_absolute_url(),
            reverse("matching:runs", args=[study.pk]),
            reverse("matching:run_export", args=[run.pk]),
        ):
            assert client.get(url).status_code == 404
        url = reverse("matching:match_decide", args=[match.pk])
        assert client.post(url, {"decision": "accept"}).status_code == 404


def test_the_export_leaves_safety_out_and_is_logged(
    client: Client, cast: Cast, study: Study
) -> None:
    run = make_run(study)
    make_match(run, make_need(study, "孩子身上有伤", safety=True), make_offer("甲"))
    make_match(run, make_need(study, "路灯不亮"), make_offer("乙"))
    signed_in(client, cast.social_worker)
    answer = client.get(reverse("matching:run_export", args=[run.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    line = AccessLine.objects.get(verb="export")
    assert (line.subject, line.rows, line.actor) == ("matching.matchrun", 1, cast.social_worker)


@pytest.mark.parametrize("count", [2, 20])
def test_lists_cost_the_same_however_long_they_are(
    client: Client, cast: Cast, study: Study, count: int, django_assert_max_num_queries: object
) -> None:
    run = make_run(study)
    for number in range(count):
        make_match(run, make_need(study, f"需求{number}"), make_offer(f"资源{number}"))
    signed_in(client, cast.social_worker)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("matching:offers"))


def offer_form(organization_pk: int, **changes: object) -> dict[str, object]:
    return {
        "organization": organization_pk, "title": "周末托管", "kind": "course", "capacity": 12,
        "need_types": ["CHD01"], "catchment": ["350581001"], "languages": ["zh"],
        "unit_cost": "35.50", "minors_cleared": "on", "active": "on", **changes,
    }  # fmt: skip


def test_a_manager_registers_and_changes_an_offer(client: Client, cast: Cast) -> None:
    make_need_type("CHD01")
    signed_in(client, cast.manager)
    answer = client.post(reverse("matching:offer_create"), offer_form(cast.agency.pk))
    offer = Offer.objects.get()
    assert answer["Location"] == offer.get_absolute_url()
    assert (offer.unit_cost_fen, offer.catchment, offer.minors_cleared) == (
        3550, ["350581001"], True,
    )  # fmt: skip
    page = client.get(offer.get_absolute_url()).content.decode()
    assert "35.50 元" in page and "湖滨" in page
    url = reverse("matching:offer_edit", args=[offer.pk])
    client.post(url, offer_form(cast.agency.pk, capacity=20))
    offer.refresh_from_db()
    assert offer.capacity == 20


def test_a_wrong_form_says_what_is_wrong_and_saves_nothing(client: Client, cast: Cast) -> None:
    make_need_type("CHD01")
    signed_in(client, cast.manager)
    wrong = offer_form(cast.agency.pk, valid_from="2026-05-01", valid_to="2026-04-01")
    answer = client.post(reverse("matching:offer_create"), wrong)
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.content.decode()
    assert not Offer.objects.exists()


def test_nobody_registers_offers_for_somebody_else(client: Client, cast: Cast) -> None:
    make_need_type("CHD01")
    signed_in(client, cast.manager)
    answer = client.post(reverse("matching:offer_create"), offer_form(cast.other_agency.pk))
    assert answer.status_code == 422
    assert not Offer.objects.exists()
    theirs = make_offer(organization=cast.other_agency)
    assert client.get(reverse("matching:offer_edit", args=[theirs.pk])).status_code == 403


def test_a_donor_sees_only_the_own_offers(client: Client, cast: Cast) -> None:
    factory = make_organization("海丝制衣", kind=Kind.ENTERPRISE)
    donor = make_member(Role.DONOR, organization=factory)
    make_offer("捐赠衣物", organization=factory)
    foreign = make_offer("别家的", organization=cast.agency)
    page = signed_in(client, donor).get(reverse("matching:offers")).content.decode()
    assert "捐赠衣物" in page and "别家的" not in page
    assert client.get(foreign.get_absolute_url()).status_code == 404
