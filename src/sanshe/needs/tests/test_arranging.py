"""Merging, splitting, moving, renaming, locking: no voice is ever lost."""

import pytest

from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.needs.models import Need, NeedStatus, Statement
from sanshe.needs.selectors.needs import cards_of, voices_of, with_voices
from sanshe.needs.services.arranging import merge_needs, move_voices, split_need, unmerge_need
from sanshe.needs.services.describing import (
    NeedFacts,
    edit_need,
    lift_safety,
    lock_need,
    rename_need,
)
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.organizations.tests.factories import make_cast

pytestmark = pytest.mark.django_db


def counted(need: Need) -> int:
    return with_voices(Need.objects.filter(pk=need.pk)).get().voices


def test_merged_voices_stay_with_their_need_and_count_in_the_main_one():
    cast, study = make_cast(), make_study()
    main, other = make_need(study, voices=2), make_need(study, "巷口太黑", voices=3)
    merge_needs(main=main, others=[other], actor=cast.social_worker)
    other.refresh_from_db()
    assert (other.status, other.merged_into_id) == (NeedStatus.MERGED, main.pk)
    assert other.statements.count() == 3
    assert counted(main) == 5
    assert cards_of([main])[0].voices == 5
    assert voices_of(main).count() == 5


def test_needs_merged_before_follow_to_the_new_main_one():
    cast, study = make_cast(), make_study()
    first, second, third = (make_need(study, f"需求{n}", voices=1) for n in range(3))
    merge_needs(main=second, others=[first], actor=cast.social_worker)
    merge_needs(main=third, others=[second], actor=cast.social_worker)
    first.refresh_from_db()
    assert first.merged_into_id == third.pk
    assert counted(third) == 3


def test_unmerging_gives_the_need_its_own_voices_back():
    cast, study = make_cast(), make_study()
    main, other = make_need(study, voices=2), make_need(study, "巷口太黑", voices=3)
    merge_needs(main=main, others=[other], actor=cast.social_worker)
    unmerge_need(need=other, actor=cast.social_worker)
    other.refresh_from_db()
    assert (other.status, other.merged_into_id) == (NeedStatus.CLASSIFIED, None)
    assert (counted(main), counted(other)) == (2, 3)
    with pytest.raises(NotNow):
        unmerge_need(need=other, actor=cast.social_worker)


def test_what_may_not_be_merged():
    cast, study = make_cast(), make_study()
    main = make_need(study)
    elsewhere = make_need(make_study("另一个调研"))
    with pytest.raises(BadEntry):
        merge_needs(main=main, others=[main], actor=cast.social_worker)
    with pytest.raises(BadEntry):
        merge_needs(main=main, others=[elsewhere], actor=cast.social_worker)
    with pytest.raises(BadEntry):
        merge_needs(main=main, others=[make_need(study, safety=True)], actor=cast.social_worker)
    with pytest.raises(NotNow):
        merge_needs(main=main, others=[make_need(study, locked=True)], actor=cast.social_worker)
    with pytest.raises(NotNow):
        merge_needs(
            main=main, others=[make_need(study, status=NeedStatus.TOLD)], actor=cast.social_worker
        )
    with pytest.raises(NotPermitted):
        merge_needs(main=main, others=[make_need(study)], actor=cast.stranger)
    assert not Need.objects.filter(status=NeedStatus.MERGED).exists()


def test_splitting_moves_the_chosen_voices_and_leaves_the_others():
    cast, study = make_cast(), make_study()
    need = make_need(study, voices=4, status=NeedStatus.VERIFIED)
    chosen = list(need.statements.all()[:2])
    made = split_need(need=need, statements=chosen, actor=cast.social_worker, title="修路灯")
    assert (made.title, made.renamed, made.status) == ("修路灯", True, NeedStatus.CLASSIFIED)
    assert set(made.statements.all()) == set(chosen)
    assert need.statements.count() == 2
    assert all(voice.placed for voice in made.statements.all())


def test_a_split_leaves_at_least_one_voice_and_takes_only_its_own():
    cast, study = make_cast(), make_study()
    need, other = make_need(study, voices=2), make_need(study, voices=1)
    with pytest.raises(BadEntry):
        split_need(need=need, statements=list(need.statements.all()), actor=cast.manager)
    with pytest.raises(BadEntry):
        split_need(need=need, statements=list(other.statements.all()), actor=cast.manager)
    with pytest.raises(BadEntry):
        split_need(need=need, statements=[], actor=cast.manager)


def test_a_voice_of_a_merged_need_can_be_split_out_of_the_main_one():
    cast, study = make_cast(), make_study()
    main, other = make_need(study, voices=1), make_need(study, "巷口太黑", voices=1)
    merge_needs(main=main, others=[other], actor=cast.social_worker)
    voice = other.statements.get()
    made = split_need(need=main, statements=[voice], actor=cast.social_worker)
    assert counted(main) == 1 and counted(made) == 1


def test_moving_the_last_voice_withdraws_a_need_nobody_touched():
    cast, study = make_cast(), make_study()
    source, target = make_need(study, voices=1), make_need(study, voices=1)
    voice = source.statements.get()
    move_voices(statements=[voice], target=target, actor=cast.social_worker)
    assert not Need.objects.filter(pk=source.pk).exists()
    assert target.statements.count() == 2


def test_a_renamed_need_stays_though_its_last_voice_is_gone():
    cast, study = make_cast(), make_study()
    source, target = make_need(study, voices=1), make_need(study, voices=1)
    rename_need(need=source, title="照明", actor=cast.social_worker)
    voice = source.statements.get()
    move_voices(statements=[voice], target=target, actor=cast.social_worker)
    assert Need.objects.filter(pk=source.pk).exists()


def test_safety_voices_are_not_moved_into_ordinary_needs():
    cast, study = make_cast(), make_study()
    voice = make_statement(make_interview(study), safety=True)
    with pytest.raises(BadEntry):
        move_voices(statements=[voice], target=make_need(study), actor=cast.social_worker)


def test_a_locked_need_is_left_as_it_is_until_it_is_unlocked():
    cast, study = make_cast(), make_study()
    need = make_need(study, voices=2)
    lock_need(need=need, locked=True, actor=cast.community_worker)
    with pytest.raises(NotNow):
        rename_need(need=need, title="别的", actor=cast.social_worker)
    with pytest.raises(NotNow):
        split_need(need=need, statements=[need.statements.first()], actor=cast.social_worker)
    lock_need(need=need, locked=False, actor=cast.social_worker)
    assert rename_need(need=need, title="别的", actor=cast.social_worker).title == "别的"


def test_a_number_typed_into_a_need_is_masked():
    cast, study = make_cast(), make_study()
    need = make_need(study, voices=1)
    rename_need(need=need, title="找林姨13812345678", actor=cast.social_worker)
    edit_need(need=need, facts=facts(need, description="电话13812345678"), actor=cast.social_worker)
    need.refresh_from_db()
    assert "13812345678" not in need.title + need.description


def facts(need: Need, **changes) -> NeedFacts:
    return NeedFacts(**{"need_type": need.need_type, **changes})


def test_rating_a_need_ranks_it_again_and_marks_what_is_still_a_default():
    cast = make_cast()
    need = make_need(make_study(), voices=1)
    edit_need(need=need, facts=facts(need, severity=5, urgency=5), actor=cast.social_worker)
    need.refresh_from_db()
    assert need.components["severity"] == 1.0
    assert "severity" not in need.defaults and "feasibility" in need.defaults
    before = need.priority
    edit_need(need=need, facts=facts(need, severity=1, urgency=1), actor=cast.social_worker)
    need.refresh_from_db()
    assert need.priority < before


def test_a_number_of_people_needs_its_source():
    cast = make_cast()
    need = make_need(make_study(), voices=1)
    with pytest.raises(BadEntry):
        edit_need(need=need, facts=facts(need, people_affected=30), actor=cast.social_worker)


def test_the_type_of_a_locked_need_is_fixed_but_it_may_be_rated():
    cast = make_cast()
    need = make_need(make_study(), locked=True, voices=1)
    edit_need(need=need, facts=facts(need, severity=4), actor=cast.social_worker)
    other = make_need_type("ENV05")
    with pytest.raises(NotNow):
        edit_need(need=need, facts=NeedFacts(need_type=other), actor=cast.social_worker)


def test_lifting_safety_returns_the_need_to_the_ranking():
    cast = make_cast()
    need = make_need(make_study(), safety=True, voices=1)
    with pytest.raises(BadEntry):
        lift_safety(need=need, actor=cast.social_worker, note="")
    with pytest.raises(NotPermitted):
        lift_safety(need=need, actor=cast.community_worker, note="说的是电视剧")
    lift_safety(need=need, actor=cast.social_worker, note="说的是电视剧")
    need.refresh_from_db()
    assert not need.safety and need.band != "P0"
    assert not Statement.objects.filter(need=need, safety=True).exists()
