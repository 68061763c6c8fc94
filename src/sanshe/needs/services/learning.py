"""Learning again from what people decided. Every version is kept; one is in use.

What one agency corrects reaches everybody's suggestions. So a version is used by itself only where
it does no worse than the shipped one on texts that neither had learned from (`engine.trial`).
"""

import logging

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import NotNow
from sanshe.core.events import announce
from sanshe.core.history import record
from sanshe.engine.apart import learn_apart
from sanshe.engine.trial import losses
from sanshe.needs.models import Labelling, LearningRun, ModelVersion
from sanshe.needs.rules import may_switch_model, may_teach
from sanshe.needs.selectors.learning import decisions_since, open_run, training_labellings
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.classifier import (
    forget_old_files,
    path_of,
    read_shipped,
    store_model,
    use_version,
)
from sanshe.needs.services.lessons import lessons_of
from sanshe.taxonomy.model import tree

log = logging.getLogger(__name__)

#: So many new decisions are worth learning again.
ENOUGH = 20


def learn_if_enough() -> LearningRun | None:
    """Ask for learning when enough was decided since the last time; None where it was not."""
    if open_run() is not None or decisions_since(learned_upto()) < ENOUGH:
        return None
    return _ask(None)


def ask_learning(*, actor: User) -> LearningRun:
    """Ask for learning now. While one run is open, that run is the answer, queued once more.

    Raises:
        NotPermitted: only those who sort what was said may have the model learn.
        NotNow: nothing has been decided since the last time.
    """
    demand(may_teach(scope_today(actor)))
    return _ask(actor)


@transaction.atomic
def _ask(actor: User | None) -> LearningRun:
    # One after the other: two requests at the same moment are one run.
    list(ModelVersion.objects.select_for_update().order_by("pk").values_list("pk"))
    run = open_run()
    if run is None:
        if not decisions_since(learned_upto()):
            raise NotNow(_("上次学习之后还没有新的人工核对，先核对几条原话再来。"))
        latest = Labelling.objects.aggregate(latest=Max("pk"))["latest"] or 0
        run = LearningRun.objects.create(asked_by=actor, upto=latest)
        record(run, "create", actor=actor)
    if run.is_waiting:
        announce("learning.asked", run.pk)
    return run


def carry_out(run_pk: int) -> ModelVersion | None:
    """Learn, keep the version, use it where it does no worse than the shipped one.

    None where another worker has the run already.
    """
    claimed = LearningRun.objects.filter(pk=run_pk, started_at__isnull=True)
    if not claimed.update(started_at=timezone.now()):
        return None
    run = LearningRun.objects.get(pk=run_pk)
    try:
        version = _learn(run)
    except Exception:
        # The run must not stay open for ever, and the page must say that it failed.
        log.exception("learning run %s failed", run_pk)
        run.problem = _("学习没有完成，仍使用原来的版本。请稍后再试；再次失败请联系系统管理员。")
        run.finished_at = timezone.now()
        run.save()
        return None
    run.model, run.finished_at = version, timezone.now()
    run.save()
    if version.active:
        announce("model.used", version.pk)
    return version


def _learn(run: LearningRun) -> ModelVersion:
    shipped = read_shipped()
    base = ModelVersion.objects.filter(version=shipped.version).first() or store_model(
        shipped, activate=False
    )
    rows = lessons_of(list(training_labellings(run.upto)), shipped)
    model = learn_apart(rows, base=shipped, tree=tree(), seed=0)
    lost = losses(shipped.scores, model.scores)
    version = store_model(model, base=base, corrections=len(rows), losses=lost)
    forget_old_files()
    verb = "hold_back" if lost else "learn"
    record(version, verb, actor=None, note=str(version), changes={"corrections": len(rows)})
    return version


@transaction.atomic
def switch_model(*, version: ModelVersion, actor: User) -> ModelVersion:
    """Use another version from now on; what has been decided stays.

    Raises:
        NotPermitted: this concerns every study.
        NotNow: it does worse than the shipped one, or its file is not on this machine.
    """
    demand(may_switch_model(scope_today(actor)))
    if version.losses:
        raise NotNow(_("这个版本没有通过检验，不能启用；原因见版本表。"))
    if not path_of(version).is_file():
        raise NotNow(_("这个版本的模型文件不在本机，无法启用。"))
    if not version.active:
        use_version(version)
        record(version, "use", actor=actor, note=str(version))
        announce("model.used", version.pk)
    return version


def learned_upto() -> int:
    """The last decision that the newest finished run could learn from."""
    last = LearningRun.objects.filter(finished_at__isnull=False, problem="").first()
    return last.upto if last else 0
