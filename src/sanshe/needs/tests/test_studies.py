"""Studies: who sees and moves them, quotas, who was not heard, the list of statements."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.needs.models import (
    STUDY_FLOW,
    Informant,
    Method,
    Quota,
    Study,
    StudyMove,
    StudyStatus,
)
from sanshe.needs.selectors.statements import statements_visible_to
from sanshe.needs.selectors.studies import coverage_of, sample_size, studies_visible_to
from sanshe.needs.services.actors import scope_today
from sanshe.needs.services.studies import StudyFacts, create_study, edit_study, move_study
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import (
    Cast,
    make_member,
    make_organization,
)
from sanshe.places.tests.factories import make_division

pytestmark = pytest.mark.django_db


def facts(cast: Cast, **changes: object) -> StudyFacts:
    known: dict[str, object] = {
        "title": "花园城社区春季调研",
        "community": cast.community,
        "organization": cast.agency,
        "starts_on": date(2026, 3, 1),
    }
    return StudyFacts(**(known | changes))  # type: ignore[arg-type]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# who sees a study --------------------------------------------------------------------------------

SEES = {
    Role.CITY: True,
    Role.CIVIL: True,
    Role.TOWN: True,
    Role.COMM: True,
    Role.STATION: True,
    Role.AGENCY: True,
    Role.SUPV: True,
    Role.SW: True,
    Role.CORG: False,
    Role.VOL: False,
    Role.DONOR: False,
    Role.RES: False,
    Role.EVAL: False,
    Role.SYS: False,
    Role.SEC: False,
    Role.AUD: False,
}


@pytest.mark.parametrize("role", Role)
def test_a_study_is_visible_to_its_agency_and_to_the_places_around_it_only(
    role: Role, study: Study
) -> None:
    person = make_member(role)
    assert studies_visible_to(scope_today(person)).filter(pk=study.pk).exists() is SEES[role]


def test_a_stranger_and_another_community_see_no_study(cast: Cast, study: Study) -> None:
    for person in (cast.stranger, cast.strange_community_worker):
        assert not studies_visible_to(scope_today(person)).exists()
        assert signed_in(person).get(study.get_absolute_url()).status_code == 404


def test_a_signed_out_person_is_sent_to_the_sign_in_page(study: Study) -> None:
    response = Client().get(study.get_absolute_url())
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


# who reads which words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "plain", "behind_a_need", "safety"),
    [
        (Role.SW, True, True, True),
        (Role.AGENCY, True, True, True),
        (Role.SUPV, True, True, True),
        (Role.COMM, True, True, True),
        (Role.TOWN, False, True, False),
        (Role.STATION, False, True, False),
        (Role.CITY, False, True, False),
        (Role.CIVIL, False, True, False),
        (Role.RES, False, False, False),
        (Role.CORG, False, False, False),
        (Role.VOL, False, False, False),
        (Role.DONOR, False, False, False),
        (Role.SYS, False, False, False),
        (Role.AUD, False, False, False),
    ],
)
def test_only_people_close_to_a_study_read_words_that_stand_behind_no_need(
    role: Role, plain: bool, behind_a_need: bool, safety: bool, study: Study
) -> None:
    talk = make_interview(study)
    need = make_need(study)
    loose = make_statement(talk)
    bound = make_statement(talk, "广场的凳子坏了")
    bound.need = need
    bound.save()
    harmed = make_statement(talk, "他喝了酒就打人", safety=True)
    harmed.need = need
    harmed.save()
    seen = set(statements_visible_to(scope_today(make_member(role))))
    assert (loose in seen, bound in seen, harmed in seen) == (plain, behind_a_need, safety)


# creating and editing ----------------------------------------------------------------------------


def test_a_social_worker_creates_a_study_with_quotas(cast: Cast) -> None:
    quotas = {"elders": 5, "grid": 0}
    made = create_study(facts=facts(cast, quotas=quotas), actor=cast.social_worker)
    assert made.status == StudyStatus.COLLECTING
    assert list(made.quotas.values_list("informant", "target")) == [("elders", 5)]
    assert HistoryLine.objects.filter(subject="needs.study", verb="create").count() == 1


def test_a_study_that_starts_later_is_planned(cast: Cast) -> None:
    later = facts(cast, starts_on=date(2999, 1, 1))
    assert create_study(facts=later, actor=cast.social_worker).status == StudyStatus.PLANNED


def test_nobody_creates_a_study_for_another_organisation(cast: Cast) -> None:
    for person in (cast.stranger, cast.community_worker, cast.town_officer, cast.supervisor):
        with pytest.raises(NotPermitted):
            create_study(facts=facts(cast), actor=person)
    assert not Study.objects.exists()


def test_a_study_of_a_town_is_refused(cast: Cast) -> None:
    with pytest.raises(BadEntry, match="一个社区"):
        create_study(
            facts=facts(cast, community=make_division("350581001000")), actor=cast.social_worker
        )


def test_the_community_of_a_study_that_heard_somebody_stays(cast: Cast, study: Study) -> None:
    make_interview(study)
    with pytest.raises(BadEntry, match="社区不能更改"):
        edit_study(
            study=study,
            facts=facts(cast, community=cast.other_community),
            actor=cast.social_worker,
        )


def test_editing_writes_what_changed_and_replaces_the_quotas(cast: Cast, study: Study) -> None:
    Quota.objects.create(study=study, informant="grid", target=3)
    edit_study(study=study, facts=facts(cast, quotas={"elders": 4}), actor=cast.social_worker)
    line = HistoryLine.objects.get(subject="needs.study", verb="edit")
    assert line.changes["title"] == ["花园城社区需求调研", "花园城社区春季调研"]
    assert line.changes["quotas"] == [{"grid": 3}, {"elders": 4}]
    assert dict(study.quotas.values_list("informant", "target")) == {"elders": 4}


# moving ------------------------------------------------------------------------------------------

MOVERS = {
    StudyMove.START: {Role.SW, Role.AGENCY},
    StudyMove.SORT: {Role.SW, Role.AGENCY},
    StudyMove.RANK: {Role.SW, Role.AGENCY},
    StudyMove.FINISH: {Role.SW, Role.AGENCY, Role.SUPV},
    StudyMove.REOPEN: {Role.SW, Role.AGENCY, Role.SUPV},
    StudyMove.SUBMIT: {Role.SW, Role.AGENCY},
    StudyMove.CONFIRM: {Role.COMM},
    StudyMove.RETURN: {Role.COMM},
    StudyMove.ARCHIVE: {Role.AGENCY},
}


@pytest.mark.parametrize("verb", StudyMove)
@pytest.mark.parametrize("role", Role)
def test_each_move_belongs_to_its_roles(verb: StudyMove, role: Role) -> None:
    study = make_study(status=min(STUDY_FLOW.moves[verb].sources))
    make_statement(make_interview(study))
    person = make_member(role)
    if role in MOVERS[verb]:
        moved = move_study(study=study, verb=verb, actor=person, note="原因")
        assert moved.status == STUDY_FLOW.moves[verb].target
    else:
        with pytest.raises(NotPermitted):
            move_study(study=study, verb=verb, actor=person, note="原因")


@pytest.mark.parametrize("status", StudyStatus)
@pytest.mark.parametrize("verb", StudyMove)
def test_a_move_starts_only_from_its_sources(verb: StudyMove, status: StudyStatus) -> None:
    study = make_study(status=status)
    make_statement(make_interview(study))
    role = Role.COMM if verb in {StudyMove.CONFIRM, StudyMove.RETURN} else Role.AGENCY
    person = make_member(role)
    if status in STUDY_FLOW.moves[verb].sources:
        move_study(study=study, verb=verb, actor=person, note="原因")
    else:
        with pytest.raises(NotNow):
            move_study(study=study, verb=verb, actor=person, note="原因")


def test_a_return_says_why_and_the_history_keeps_it(cast: Cast) -> None:
    study = make_study(status=StudyStatus.SUBMITTED)
    with pytest.raises(BadEntry, match="原因"):
        move_study(study=study, verb="return", actor=cast.community_worker, note="  ")
    move_study(study=study, verb="return", actor=cast.community_worker, note="漏了外来务工者")
    line = HistoryLine.objects.get(verb="return")
    assert line.note == "漏了外来务工者"
    assert line.actor == cast.community_worker


def test_a_study_that_heard_nobody_cannot_be_sorted(cast: Cast, study: Study) -> None:
    with pytest.raises(NotNow, match="还没有一条诉求"):
        move_study(study=study, verb="sort", actor=cast.social_worker)


def test_a_community_returns_a_study_on_its_page(cast: Cast) -> None:
    study = make_study(status=StudyStatus.SUBMITTED)
    client = signed_in(cast.community_worker)
    page = client.get(study.get_absolute_url()).content.decode()
    assert "社区确认" in page and "社区退回" in page
    address = reverse("needs:study_move", args=[study.pk, "return"])
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "请补充"}).status_code == 302
    study.refresh_from_db()
    assert study.status == StudyStatus.RANKING


def test_a_wrong_role_gets_403_an_unknown_verb_404_and_get_405(cast: Cast, study: Study) -> None:
    client = signed_in(cast.town_officer)
    assert client.post(reverse("needs:study_move", args=[study.pk, "sort"])).status_code == 403
    assert client.post(reverse("needs:study_move", args=[study.pk, "eat"])).status_code == 404
    assert client.get(reverse("needs:study_move", args=[study.pk, "sort"])).status_code == 405
    assert client.get(reverse("needs:study_create")).status_code == 403
    assert client.get(reverse("needs:study_edit", args=[study.pk])).status_code == 403


# who was heard -----------------------------------------------------------------------------------


def test_the_coverage_names_who_was_not_heard_and_warns(study: Study) -> None:
    Quota.objects.create(study=study, informant=Informant.ELDERS, target=4)
    talk = make_interview(study, informant=Informant.ELDERS, people=3)
    make_statement(talk)
    make_statement(talk)
    make_interview(study, informant=Informant.GRID)
    coverage = coverage_of(study)
    elders = next(row for row in coverage.rows if row.informant == Informant.ELDERS)
    assert (elders.people, elders.statements, elders.share, elders.missing) == (3, 2, 75, 1)
    assert {row.informant for row in coverage.heard} == {Informant.ELDERS, Informant.GRID}
    assert len(coverage.not_heard) == len(Informant) - 3  # nobody has to hear 其他
    assert coverage.too_few_categories and coverage.too_few_methods


def test_five_categories_and_two_methods_are_enough(study: Study) -> None:
    for informant in list(Informant)[:5]:
        make_interview(study, informant=informant)
    make_interview(study, method=Method.FG)
    coverage = coverage_of(study)
    assert not coverage.too_few_categories and not coverage.too_few_methods


@pytest.mark.parametrize(
    ("residents", "error", "people"),
    [(3000, 0.05, 353), (3000, 0.10, 97), (1000, 0.05, 286), (1000, 0.10, 91)],
)
def test_the_sample_size_is_the_one_of_the_rule(residents: int, error: float, people: int) -> None:
    assert sample_size(residents, error) == people


def test_the_sample_size_is_shown_where_residents_are_known(cast: Cast, study: Study) -> None:
    make_division(cast.community.pk, residents=3000)
    page = signed_in(cast.social_worker).get(study.get_absolute_url()).content.decode()
    assert "353" in page and "97" in page


# pages -------------------------------------------------------------------------------------------


def test_a_study_is_created_in_the_browser(cast: Cast) -> None:
    client = signed_in(cast.social_worker)
    assert client.get(reverse("needs:study_create")).status_code == 200
    given = {
        "title": "新调研",
        "organization": cast.agency.pk,
        "community": cast.community.pk,
        "starts_on": "2026-03-01",
        "ends_on": "2026-02-01",
    }
    wrong = client.post(reverse("needs:study_create"), given)
    assert wrong.status_code == 422
    assert "结束日期早于开始日期" in wrong.content.decode()
    right = client.post(reverse("needs:study_create"), given | {"ends_on": "", "quota_elders": "6"})
    made = Study.objects.get()
    assert right.status_code == 302 and right["Location"] == made.get_absolute_url()
    assert made.quotas.get().target == 6


def test_the_form_offers_no_other_organisation(cast: Cast) -> None:
    client = signed_in(cast.social_worker)
    response = client.post(
        reverse("needs:study_create"),
        {"title": "x", "organization": cast.other_agency.pk, "community": cast.community.pk,
         "starts_on": "2026-03-01"},
    )  # fmt: skip
    assert response.status_code == 422
    assert not Study.objects.exists()


def test_the_list_asks_the_database_the_same_for_2_and_20_studies(cast: Cast) -> None:
    counts = []
    client = signed_in(cast.social_worker)
    for more in (2, 18):
        for number in range(more):
            made = make_study(f"调研{more}-{number}", organization=cast.agency)
            make_statement(make_interview(made))
        counts.append(_queries(client, reverse("needs:studies")))
    assert counts[0] == counts[1]


def test_the_study_page_asks_the_same_for_2_and_20_interviews(cast: Cast, study: Study) -> None:
    client = signed_in(cast.social_worker)
    counts = []
    for more in (2, 18):
        for _ in range(more):
            make_statement(make_interview(study))
        counts.append(_queries(client, study.get_absolute_url()))
    assert counts[0] == counts[1]


def test_the_statement_list_asks_the_same_for_2_and_20_statements(cast: Cast, study: Study) -> None:
    client = signed_in(cast.social_worker)
    counts = []
    for more in (2, 18):
        for _ in range(more):
            make_statement(make_interview(study), label=make_need_type("ENV03"))
        counts.append(_queries(client, reverse("needs:statements", args=[study.pk])))
    assert counts[0] == counts[1]


def _queries(client: Client, address: str) -> int:
    client.get(address)  # the first request of a session writes the session
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_is_filtered_by_word_and_status(cast: Cast) -> None:
    make_study("春季调研", organization=cast.agency)
    make_study("秋季调研", organization=cast.agency, status=StudyStatus.ARCHIVED)
    client = signed_in(cast.social_worker)
    page = client.get(reverse("needs:studies"), {"q": "秋"}).content.decode()
    assert "秋季调研" in page and "春季调研" not in page
    page = client.get(reverse("needs:studies"), {"status": "collecting"}).content.decode()
    assert "春季调研" in page and "秋季调研" not in page


def test_the_export_is_masked_logged_and_kept_from_distant_roles(cast: Cast, study: Study) -> None:
    make_statement(make_interview(study), "=1+1 打给 138****1234")
    address = reverse("needs:statements_export", args=[study.pk])
    assert signed_in(cast.town_officer).get(address).status_code == 403
    assert not AccessLine.objects.exclude(verb="sign_in").exists()
    response = signed_in(cast.community_worker).get(address)
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    words = next(cell for cell in cells if "打给" in str(cell.value))
    assert words.data_type == "s"
    line = AccessLine.objects.exclude(verb="sign_in").get()
    assert (line.verb, line.rows, line.actor) == ("export", 1, cast.community_worker)


def test_a_station_runs_studies_of_its_own_organisation(cast: Cast) -> None:
    station = make_organization("湖滨街道社工站")
    person = make_member(Role.STATION, organization=station)
    made = create_study(facts=facts(cast, organization=station), actor=person)
    assert made.organization == station
