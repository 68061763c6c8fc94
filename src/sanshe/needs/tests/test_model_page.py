"""The page of the classifier, and learning asked for, carried out, failed, switched."""

from dataclasses import asdict

import pytest
from django.urls import reverse

from sanshe.core.errors import NotNow, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.engine.trial import Loss
from sanshe.needs.models import LearningRun, ModelVersion
from sanshe.needs.services import learning
from sanshe.needs.services.classification import classify_study
from sanshe.needs.services.classifier import path_of
from sanshe.needs.services.labelling import label_statement
from sanshe.needs.services.learning import ask_learning, carry_out, learn_if_enough, switch_model
from sanshe.needs.tests.factories import (
    make_interview,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import use_fakes
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import make_cast, make_member

pytestmark = pytest.mark.django_db
URL = "needs:model"


@pytest.fixture
def cast(monkeypatch):
    for code in ("ENV03", "GOV01", "ELD01"):
        make_need_type(code)
    use_fakes(monkeypatch)
    return make_cast()


def decide(cast, number, right="ENV03"):
    interview = make_interview(make_study())
    statements = [make_statement(interview, f"路灯坏了{at}") for at in range(number)]
    classify_study(interview.study)
    for statement in statements:
        label_statement(statement=statement, label=make_need_type(right), actor=cast.social_worker)


def test_the_page_says_how_good_the_model_is(client, cast):
    decide(cast, 2)
    decide(cast, 1, right="GOV01")
    client.force_login(cast.social_worker)
    page = client.get(reverse(URL)).content.decode()
    assert "67%" in page and "2/3" in page and "×1" in page


def test_the_page_before_the_first_model(client, cast):
    ModelVersion.objects.all().delete()
    client.force_login(cast.social_worker)
    assert "模型还没有准备好" in client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.COMM, 200), (Role.CITY, 403), (Role.RES, 403), (Role.DONOR, 403), (Role.EVAL, 403)],
)
def test_who_reads_the_page(client, cast, role, status):
    client.force_login(make_member(role))
    assert client.get(reverse(URL)).status_code == status


def test_twenty_decisions_are_enough_and_one_run_is_open_at_a_time(cast):
    decide(cast, 19)
    assert learn_if_enough() is None
    decide(cast, 1)
    run = learn_if_enough()
    assert run.is_waiting and run.asked_by is None
    assert learn_if_enough() is None
    assert ask_learning(actor=cast.social_worker) == run


def test_learning_without_new_decisions_is_refused(client, cast):
    with pytest.raises(NotNow):
        ask_learning(actor=cast.social_worker)
    client.force_login(cast.social_worker)
    client.post(reverse("needs:model_learn"))
    assert not LearningRun.objects.exists()


def test_supervisors_and_the_community_do_not_teach(client, cast):
    decide(cast, 1)
    for actor in (cast.supervisor, cast.community_worker):
        with pytest.raises(NotPermitted):
            ask_learning(actor=actor)
    client.force_login(cast.community_worker)
    assert client.post(reverse("needs:model_learn")).status_code == 403


def test_a_run_is_carried_out_once(cast, monkeypatch):
    decide(cast, 1)
    run = ask_learning(actor=cast.social_worker)
    version = ModelVersion.objects.get()
    monkeypatch.setattr(learning, "_learn", lambda _run: version)
    assert carry_out(run.pk) == version
    assert carry_out(run.pk) is None
    run.refresh_from_db()
    assert run.finished_at and run.model == version


def test_a_failed_run_says_so_and_another_may_be_asked_for(client, cast, monkeypatch):
    decide(cast, 1)
    run = ask_learning(actor=cast.social_worker)

    def fail(_run):
        raise RuntimeError("no memory")

    monkeypatch.setattr(learning, "_learn", fail)
    assert carry_out(run.pk) is None
    client.force_login(cast.social_worker)
    page = client.get(reverse(URL)).content.decode()
    assert "学习没有完成" in page and "no memory" not in page
    assert ask_learning(actor=cast.social_worker).pk != run.pk


def test_a_worker_that_is_away_is_said(client, cast):
    decide(cast, 1)
    run = ask_learning(actor=cast.social_worker)
    early = run.created_at - 2 * LearningRun.PATIENCE
    LearningRun.objects.filter(pk=run.pk).update(created_at=early)
    client.force_login(cast.social_worker)
    assert "等得太久" in client.get(reverse(URL)).content.decode()


def test_a_run_that_died_does_not_block_the_next(cast):
    decide(cast, 1)
    run = ask_learning(actor=cast.social_worker)
    early = run.created_at - 2 * LearningRun.PATIENCE
    LearningRun.objects.filter(pk=run.pk).update(started_at=early)
    assert ask_learning(actor=cast.social_worker).pk != run.pk


@pytest.fixture
def another(settings, tmp_path, cast):
    """A second version whose file is on this machine."""
    settings.HOME = tmp_path
    version = ModelVersion.objects.create(version="fake-2", rows=0, base=ModelVersion.objects.get())
    path_of(version).parent.mkdir()
    path_of(version).write_bytes(b"model")
    return version


def test_the_system_administrator_switches_versions_and_it_is_on_record(client, another):
    keeper = make_member(Role.SYS)
    switch_model(version=another, actor=keeper)
    assert list(ModelVersion.objects.filter(active=True)) == [another]
    line = HistoryLine.objects.get(verb="use")
    assert (line.actor, line.note) == (keeper, "fake-2")
    client.force_login(make_member(Role.COMM))
    assert "启用版本" in client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYS])
def test_nobody_else_switches_versions(client, another, role):
    with pytest.raises(NotPermitted):
        switch_model(version=another, actor=make_member(role))
    client.force_login(make_member(role))
    client.post(reverse("needs:model_use", args=[another.pk]))
    another.refresh_from_db()
    assert not another.active


def test_a_manager_finds_no_button_and_is_refused(client, cast, another):
    client.force_login(cast.manager)
    address = reverse("needs:model_use", args=[another.pk])
    assert address not in client.get(reverse(URL)).content.decode()
    assert client.post(address).status_code == 403


def test_a_version_whose_file_is_gone_is_not_used(another):
    path_of(another).unlink()
    with pytest.raises(NotNow):
        switch_model(version=another, actor=make_member(Role.SYS))


def test_a_version_that_does_worse_says_why_and_is_not_used(client, cast, another):
    another.losses = [
        asdict(Loss("safety_recall", "base", 2061, 0.933, 0.901)),
        asdict(Loss("top1", "new", 40, 0.9, 0.5)),
    ]
    another.save()
    with pytest.raises(NotNow, match="检验"):
        switch_model(version=another, actor=make_member(Role.SYS))
    client.force_login(cast.social_worker)
    page = client.get(reverse(URL)).content.decode()
    assert "未启用" in page
    assert "在自带样本（2061 条）上，人身安全诉求的找出率从 93.3% 降到 90.1%" in page
    assert "在人工核对（40 条）上，类型正确率从 90.0% 降到 50.0%" in page


def test_the_page_says_by_which_rules_a_version_is_used(client, cast):
    client.force_login(cast.social_worker)
    page = client.get(reverse(URL)).content.decode()
    for words in ("满 20 条", "不会因此学着忽略", "不超过自带样本的 20%", "只有系统管理员"):
        assert words in page


@pytest.mark.parametrize("versions", [2, 20])
def test_the_page_costs_the_same_for_two_versions_and_for_twenty(
    client, cast, versions, django_assert_num_queries
):
    for number in range(versions):
        ModelVersion.objects.create(version=f"v{number}", rows=1)
    client.force_login(cast.social_worker)
    with django_assert_num_queries(15):
        client.get(reverse(URL))
