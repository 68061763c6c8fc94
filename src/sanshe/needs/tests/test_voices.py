"""Whatever staff and the machine do, in whatever order: no voice is lost, none counts twice."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanshe.core.errors import DomainError
from sanshe.needs.models import Need, NeedStatus, Statement
from sanshe.needs.selectors.needs import cards_of
from sanshe.needs.services.arranging import merge_needs, move_voices, split_need, unmerge_need
from sanshe.needs.services.describing import lift_safety, lock_need
from sanshe.needs.services.labelling import label_statement
from sanshe.needs.services.needs import propose_needs
from sanshe.needs.tests.factories import (
    make_interview,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import use_fakes
from sanshe.organizations.tests.factories import make_cast

TEXTS = ["路灯坏了", "路灯不亮", "食堂太远", "食堂太贵", "停车太难", "停车位少", "打人的事"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "unmerge", "split", "move", "label", "safety", "dismiss",
                         "lock", "lift", "propose"]),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    max_size=14,
)  # fmt: skip


def act(step, actor, study, labels):
    verb, one, two = step
    needs = list(Need.objects.filter(study=study).order_by("pk"))
    voices = list(Statement.objects.order_by("pk"))
    need, other = needs[one % len(needs)], needs[two % len(needs)]
    voice = voices[two % len(voices)]
    if verb == "merge":
        merge_needs(main=need, others=[other], actor=actor)
    elif verb == "unmerge":
        unmerge_need(need=need, actor=actor)
    elif verb == "split":
        split_need(need=need, statements=[voice], actor=actor)
    elif verb == "move":
        move_voices(statements=[voice], target=need, actor=actor)
    elif verb == "label":
        label_statement(statement=voice, label=labels[one % len(labels)], actor=actor)
    elif verb == "safety":
        label_statement(statement=voice, label=labels[0], actor=actor, safety=bool(one % 2))
    elif verb == "dismiss":
        label_statement(statement=voice, label=None, actor=actor)
    elif verb == "lock":
        lock_need(need=need, locked=bool(two % 2), actor=actor)
    elif verb == "lift":
        lift_safety(need=need, actor=actor, note="不是")
    else:
        propose_needs(study=study, actor=actor)


def check(study):
    statements = list(Statement.objects.select_related("need__merged_into"))
    assert len(statements) == len(TEXTS)
    mains = Need.objects.filter(study=study).exclude(status=NeedStatus.MERGED)
    counted = sum(card.voices for card in cards_of(mains))
    standing = [statement for statement in statements if statement.need_id]
    assert counted == len(standing)
    for statement in standing:
        assert not statement.dismissed
        assert statement.safety == statement.need.safety
    for merged in Need.objects.filter(status=NeedStatus.MERGED):
        # Merging is one level deep, so that every count is one look.
        assert merged.merged_into.status != NeedStatus.MERGED
        assert merged.merged_into.safety == merged.safety


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps=STEPS)
def test_no_voice_is_lost(monkeypatch, steps):
    with transaction.atomic():
        use_fakes(monkeypatch)
        cast, study = make_cast(), make_study()
        labels = [make_need_type(code) for code in ("ENV03", "ELD03", "ENV02")]
        interview = make_interview(study)
        for number, text in enumerate(TEXTS):
            make_statement(
                interview, text, label=labels[number // 2 % 3], confidence=0.7,
                safety=text.startswith("打人"),
            )  # fmt: skip
        propose_needs(study=study, actor=None)
        check(study)
        for step in steps:
            if not Need.objects.filter(study=study).exists():
                break
            try:
                with transaction.atomic():
                    act(step, cast.social_worker, study, labels)
            except DomainError:
                pass
            check(study)
        propose_needs(study=study, actor=None)
        check(study)
        left = Statement.objects.filter(need=None, dismissed=False)
        assert not left.exists()
        transaction.set_rollback(True)
