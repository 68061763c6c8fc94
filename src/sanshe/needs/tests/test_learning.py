"""Learning from corrections with the real engine, from the decision to the better model."""

import pytest

from sanshe.core.events import announce
from sanshe.engine.classify import Row
from sanshe.engine.learn import learn
from sanshe.needs.models import LearningRun, ModelVersion, Statement
from sanshe.needs.services import classifier, learning
from sanshe.needs.services.classification import suggest
from sanshe.needs.services.labelling import label_statement
from sanshe.needs.services.learning import ENOUGH
from sanshe.needs.tasks import classification as classification_task
from sanshe.needs.tests.factories import (
    make_interview,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.organizations.tests.factories import make_cast

pytestmark = pytest.mark.django_db

LAMPS = ["路灯坏了没人修", "晚上路灯不亮", "巷子里没有灯", "灯光太暗看不见", "路灯一闪一闪"]
MEALS = ["老人吃饭难", "想要长者食堂", "送餐到家", "中午没人做饭", "饭菜太硬咬不动"]
NOISE = ["你好", "辛苦了", "没什么意见", "挺好的", "谢谢你们来"]
#: What people here call the parking problem; the first model has never heard of it.
PARKING = ["车位被占", "停车位太少", "晚上停车难", "车停到消防通道", "停车要绕三圈"]


@pytest.fixture
def model(settings, tmp_path, monkeypatch):
    """A small shipped model that knows two types of need."""
    settings.HOME = tmp_path
    rows = [Row(text, "ENV03", False) for text in LAMPS * 3]
    rows += [Row(text, "ELD03", False) for text in MEALS * 3]
    rows += [Row(text, "NONE", False) for text in NOISE * 3]
    small = learn(rows)
    classifier._shipped.cache_clear()
    monkeypatch.setattr(classifier, "shipped_model", lambda _home: small)
    monkeypatch.setattr(classification_task, "read_scorer", lambda: None)
    for code in ("ENV03", "ELD03", "ENV02"):
        make_need_type(code)
    yield small
    classifier._shipped.cache_clear()


def test_corrections_teach_the_model_what_it_did_not_know(
    model, settings, django_capture_on_commit_callbacks
):
    cast, study = make_cast(), make_study()
    interview = make_interview(study)
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(4):
            for text in PARKING:
                make_statement(interview, f"{text}，{number + 1}号楼")
        announce("statements.stored", study.pk)
    assert ModelVersion.objects.get().base is None
    before = suggest("小区停车位不够")
    assert before is not None and before.label != "ENV02"

    parking = make_need_type("ENV02")
    with django_capture_on_commit_callbacks(execute=True):
        for statement in Statement.objects.all()[:ENOUGH]:
            label_statement(statement=statement, label=parking, actor=cast.social_worker)

    run = LearningRun.objects.get()
    assert run.finished_at and not run.problem
    version = ModelVersion.objects.get(active=True)
    assert (version.base.version, version.corrections) == (model.version, ENOUGH)
    after = suggest("小区停车位不够")
    assert after.label == "ENV02"
    assert suggest("路灯又坏了").label == "ENV03"


def test_learning_the_same_again_is_the_same_version(
    model, django_capture_on_commit_callbacks, monkeypatch
):
    cast = make_cast()
    interview = make_interview()
    statement = make_statement(interview, PARKING[0])
    monkeypatch.setattr(learning, "ENOUGH", 1)
    with django_capture_on_commit_callbacks(execute=True):
        label_statement(
            statement=statement, label=make_need_type("ENV02"), actor=cast.social_worker
        )
    first = LearningRun.objects.latest("pk").model
    run = LearningRun.objects.create(upto=LearningRun.objects.latest("pk").upto)
    assert learning.carry_out(run.pk) == first


def test_only_the_newest_learned_files_are_kept(model, monkeypatch):
    base, _model = classifier.ensure_model()
    monkeypatch.setattr(classifier, "KEPT", 2)
    learned = [
        ModelVersion.objects.create(version=f"learned-{number}", rows=1, base=base)
        for number in range(4)
    ]
    for version in learned:
        classifier.path_of(version).write_bytes(b"model")
    classifier.use_version(learned[0])
    assert classifier.forget_old_files() == 1
    kept = [classifier.path_of(version).is_file() for version in (base, *learned)]
    assert kept == [True, True, False, True, True]


def test_a_damaged_model_file_gives_way_to_the_shipped_one(model):
    base, _model = classifier.ensure_model()
    learned = ModelVersion.objects.create(version="learned", rows=1, base=base)
    classifier.use_version(learned)
    classifier.path_of(learned).write_bytes(b"not a model")
    assert suggest("路灯坏了") is None
    version, found = classifier.ensure_model()
    assert (version, found.version) == (base, model.version)
    assert ModelVersion.objects.get(active=True) == base


def test_a_new_shipped_model_replaces_the_old_shipped_one(model, monkeypatch):
    classifier.ensure_model()
    newer = learn([*model.rows, Row("井盖响", "ENV02", False), Row("井盖松了", "ENV02", False)])
    monkeypatch.setattr(classifier, "shipped_model", lambda _home: newer)
    classifier._shipped.cache_clear()
    version, _found = classifier.ensure_model()
    assert version.version == newer.version
    assert ModelVersion.objects.filter(active=True).count() == 1
