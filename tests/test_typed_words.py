"""A number somebody types into any field of any form stands nowhere in the database afterwards,
but for the columns that are there to hold it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.test import Client
from django.urls import resolve, reverse

from permissions.world import World
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.tests.factories import make_need, make_study
from sanshe.organizations.tests.factories import make_cast
from sanshe.projects.models import Proposal
from test_absurd_input import TABLE_ROWS, Caller, rows_of, seen_reading, world

__all__ = ["world"]

NUMBER = "13712345678"
WORDS = f"找阿秀 {NUMBER}"
#: Who an office, a colleague or an account is, and how to reach it. Words of the taxonomy are those
#: of its editors about no resident. Sessions hold what is on its way to one's own page.
KEPT = {"organizations.Organization", "talent.Worker", "talent.Certificate", "accounts.User",
        "taxonomy.NeedType", "sessions.Session"}  # fmt: skip
KEPT_HISTORY = ("organizations.", "talent.", "accounts.", "taxonomy.")
_WORDS = (models.CharField, models.TextField, models.JSONField)


def _places(number: str) -> Iterator[str]:
    """The columns that hold a number."""
    for model in apps.get_models():
        rows = model._default_manager.all()
        if model._meta.label in KEPT or not model._meta.managed:
            continue
        if "subject" in {field.name for field in model._meta.get_fields()}:
            kept = Q()
            for app in KEPT_HISTORY:
                kept |= Q(subject__startswith=app)
            rows = rows.exclude(kept)
        for field in model._meta.concrete_fields:
            if not isinstance(field, _WORDS):
                continue
            said = rows.annotate(said=Cast(field.name, models.TextField()))
            if said.filter(said__contains=number).exists():
                yield f"{model._meta.label}.{field.name}"


def test_no_form_lets_a_number_into_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, leaks, stored = Caller(world), [], 0
    for row, person in rows_of("POST"):
        form = caller.form(row, person)
        with seen_reading(monkeypatch) as names:
            caller.ask(row, person, form)
        address = world.addresses[row.address].split("?")[0]
        for name in sorted(names):
            with transaction.atomic():
                status = caller.client(person).post(address, form | {name: WORDS}).status_code
                stored += status == 302
                leaks += [f"{row.address} {name}: {place}" for place in _places(NUMBER)]
                transaction.set_rollback(True)
    assert stored > 30
    assert not leaks, "\n".join(leaks)


def test_no_cell_of_a_proposal_lets_a_number_in(world: World) -> None:
    client = Client()
    client.force_login(world.people["agency"])
    pk = resolve(world.addresses["projects:detail@draft"]).kwargs["pk"]
    for table, row in TABLE_ROWS.items():
        words = {name: WORDS for name, value in row.items() if not value.isdigit()}
        client.post(reverse("projects:row_create", args=[pk, table]), row | words)
        for name in row:
            client.post(reverse("projects:row_create", args=[pk, table]), row | {name: WORDS})
    assert list(_places(NUMBER)) == []
    assert list(_places("137****5678")), "the words were stored, masked"


def test_whom_to_call_about_a_project_stays_in_its_basic_data(world: World) -> None:
    client = Client()
    client.force_login(world.people["agency"])
    pk = resolve(world.addresses["projects:detail@draft"]).kwargs["pk"]
    text = f"项目背景\n| 联系电话 | 0595-88881234 |\n- 居民林阿姨 {NUMBER}\n"
    answer = client.post(reverse("projects:section", args=[pk, 1]), {"text": text})
    assert answer.status_code == 302
    section = Proposal.objects.get(pk=pk).sections.get(number=1)
    assert section.text == "项目背景\n| 联系电话 | 0595-88881234 |\n- 居民林阿姨 137****5678"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_who_typed_it_is_told_where_they_are(headers: dict[str, str]) -> None:
    cast = make_cast()
    study = make_study(organization=cast.agency, community=cast.community)
    match = make_match(make_run(study), make_need(study), make_offer(organization=cast.agency))
    client = Client(headers=headers)
    client.force_login(cast.social_worker)
    sent = {"decision": "refuse", "note": f"{WORDS} 说不去"}
    page = client.post(reverse("matching:match_decide", args=[match.pk]), sent, follow=True)
    words = page.content.decode()
    assert words.count("文中的电话、证件等号码已隐去") == 1
    assert "找阿秀 137****5678 说不去" in words
    assert "已隐去" not in client.get("/").content.decode()
