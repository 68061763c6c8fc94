"""What people decide about a statement: its type, its safety, or that it holds no need."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import NotNow
from sanshe.core.events import announce
from sanshe.core.history import history_of, record
from sanshe.needs.models import Labelling, Need, NeedStatus, Statement, Study, Suggestion
from sanshe.needs.rules import may_label
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.ranking import rank_needs
from sanshe.needs.services.safety import danger_types, place_safety, retitle, without_danger
from sanshe.needs.services.saying import statements_note
from sanshe.needs.services.sweeping import withdraw_if_empty
from sanshe.taxonomy.models import NeedType

#: Suggestions at least this sure may be accepted together.
SURE = 0.9
_BATCH = 1000
#: Safety needs that nobody has looked into yet.
_WAITING = frozenset({NeedStatus.NEW, NeedStatus.CLASSIFIED})


@transaction.atomic
def label_statement(
    *, statement: Statement, label: NeedType | None, actor: User, safety: bool | None = None
) -> Labelling:
    """Decide what a statement speaks of; None says that it holds no need.

    `safety` None keeps what the machine or a colleague said of it; a type that concerns safety
    raises it. The same decision again is the same decision: nothing is written twice.

    Raises:
        NotPermitted: the person does not sort what was said in this study.
    """
    statement = _locked(statement, actor)
    if label is None:
        safety = False
    elif safety is None:
        safety = statement.safety or label.safety
    last = _last(statement)
    if last is not None and (last.label_id, last.safety) == (label and label.pk, safety):
        return last
    suggestion = Suggestion.objects.filter(statement=statement).first()
    before = {"label": statement.label_id, "safety": statement.safety}
    statement.label, statement.safety = label, safety
    statement.checked, statement.dismissed = True, label is None
    left = _leave_if_wrong(statement, actor)
    statement.save()
    labelling = Labelling.objects.create(
        statement=statement,
        suggestion=suggestion,
        label=label,
        safety=safety,
        agreed=suggestion is not None and suggestion.label_id == (label and label.pk),
        left=left,
        actor=actor,
    )
    after = {"label": label and label.pk, "safety": safety}
    record(statement, "label", actor=actor,
           changes={name: [before[name], after[name]] for name in after
                    if before[name] != after[name]})  # fmt: skip
    _settle(statement, left, actor)
    announce("statement.labelled", labelling.pk)
    return labelling


@transaction.atomic
def undo_labelling(*, labelling: Labelling, actor: User) -> Statement:
    """Take back the last decision about a statement: it is again as it was before.

    Raises:
        NotPermitted: the person does not sort what was said in this study.
        NotNow: somebody has decided since, or it was taken back already.
    """
    statement = _locked(labelling.statement, actor)
    last = _last(statement)
    if last is None or last.pk != labelling.pk:
        raise NotNow(_("这条原话之后又有新的核对，不能撤销较早的一次；请刷新后查看。"))
    last.undone = True
    last.save(update_fields=["undone"])
    before = _last(statement)
    suggestion = Suggestion.objects.filter(statement=statement).first()
    statement.checked = before is not None
    statement.dismissed = before is not None and before.label_id is None
    if before is not None:
        statement.label_id, statement.safety = before.label_id, before.safety
    else:
        _as_proposed(statement, suggestion)
    left = _leave_if_wrong(statement, actor)
    home = last.left
    if statement.need is None and home is not None and home.safety == statement.safety:
        statement.need = home if home.merged_into_id is None else home.merged_into
    statement.save()
    record(statement, "undo", actor=actor, changes={"label": [last.label_id, statement.label_id]})
    _settle(statement, left, actor)
    if statement.need is not None:
        rank_needs(statement.interview.study, [statement.need])
    return statement


@transaction.atomic
def clear_safety(*, statement: Statement, actor: User) -> Statement:
    """Say that a flagged statement concerns nobody's safety; what it speaks of stays open.

    It leaves its safety need and is proposed, checked and merged like any other.

    Raises:
        NotPermitted: the person does not sort what was said in this study.
        NotNow: it has been decided already, somebody else has raised the flag by hand, or its
            safety need was looked into.
    """
    statement = _undecided(statement, actor)
    if not statement.safety:
        return statement
    raised = history_of(statement).filter(verb="raise_safety").order_by("-pk").first()
    if raised is not None and raised.actor_id not in (None, actor.pk):
        raise NotNow(
            _(
                "这条原话由%(name)s标记为涉及人身安全。请与标记人商量，或到这项需求上说明理由后解除。"
            )
            % {"name": raised.actor}
        )
    if statement.need is not None and statement.need.status not in _WAITING:
        raise NotNow(
            _("“%(title)s”已有人接手（%(status)s），请到这项需求上处理。")
            % {"title": statement.need.title, "status": statement.need.get_status_display()}
        )
    return _flag(statement, actor, safety=False)


@transaction.atomic
def raise_safety(*, statement: Statement, actor: User) -> Statement:
    """Say that a statement nobody has decided about yet concerns somebody's safety.

    Raises:
        NotPermitted: the person does not sort what was said in this study.
        NotNow: it has been decided already.
    """
    statement = _undecided(statement, actor)
    return statement if statement.safety else _flag(statement, actor, safety=True)


@transaction.atomic
def accept_sure(*, study: Study, actor: User, floor: float = SURE) -> int:
    """Accept every undecided suggestion that is at least so sure, safety left aside; how many.

    Raises:
        NotPermitted: the person does not sort what was said in this study.
    """
    study = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    demand(may_label(scope_today(actor), study))
    statements = list(sure_statements(study, floor).select_for_update(of=("self",)))
    latest = dict(
        Suggestion.objects.filter(statement__in=statements)
        .order_by("pk")
        .values_list("statement_id", "pk")
    )
    Labelling.objects.bulk_create(
        (
            Labelling(
                statement=statement,
                suggestion_id=latest.get(statement.pk),
                label_id=statement.label_id,
                safety=False,
                agreed=True,
                bulk=True,
                actor=actor,
            )
            for statement in statements
        ),
        batch_size=_BATCH,
    )
    for statement in statements:
        statement.checked = True
    Statement.objects.bulk_update(statements, ["checked"], batch_size=_BATCH)
    if statements:
        note = _("一次采纳 %(number)s 条置信度不低于 %(floor)s%% 的建议") % {
            "number": len(statements),
            "floor": round(floor * 100),
        }
        record(study, "accept_sure", actor=actor, note=note)
    return len(statements)


def sure_statements(study: Study, floor: float = SURE) -> QuerySet[Statement]:
    """Undecided statements whose suggestion is sure and which concern nobody's safety."""
    return Statement.objects.filter(
        interview__study=study, checked=False, safety=False, dismissed=False,
        label__isnull=False, label__safety=False, confidence__gte=floor,
    )  # fmt: skip


def _undecided(statement: Statement, actor: User) -> Statement:
    statement = _locked(statement, actor)
    if statement.checked:
        raise NotNow(_("这条原话已有人核对；要更改请用“改为其他类型”。"))
    return statement


def _flag(statement: Statement, actor: User, *, safety: bool) -> Statement:
    """Raise or clear the flag; the statement moves into or out of a safety need with it."""
    statement.cleared = not safety
    if suggestion := Suggestion.objects.filter(statement=statement).first():
        _as_proposed(statement, suggestion)
    statement.safety = safety
    left = _leave_if_wrong(statement, actor)
    statement.save()
    verb = "raise_safety" if safety else "lift_safety"
    record(statement, verb, actor=actor, changes={"safety": [not safety, safety]})
    _settle(statement, left, actor)
    return statement


def _as_proposed(statement: Statement, suggestion: Suggestion | None) -> None:
    """The type, confidence and flag of a statement about whose type nobody has decided."""
    if suggestion is None:
        statement.label, statement.confidence, statement.safety = None, 0.0, False
        return
    label, confidence = suggestion.label_id, suggestion.confidence
    if statement.cleared:
        label, confidence = without_danger(
            label, confidence, suggestion.alternatives, danger_types()
        )
    statement.label_id, statement.confidence = label, confidence
    statement.safety = suggestion.safety and not statement.cleared


def _locked(statement: Statement, actor: User) -> Statement:
    """The statement, locked, if the actor may decide about it."""
    found = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("interview__study__community", "need", "label")
        .get(pk=statement.pk)
    )
    demand(may_label(scope_today(actor), found.interview.study))
    return found


def _last(statement: Statement) -> Labelling | None:
    return (
        Labelling.objects.filter(statement=statement, undone=False).select_related("left").first()
    )


def _leave_if_wrong(statement: Statement, actor: User) -> Need | None:
    """Take the statement out of a need it no longer belongs to; that need.

    No need and safety weigh more than a lock or a person's placing; a changed type does not.
    """
    need = statement.need
    if need is None:
        return None
    must = statement.dismissed or statement.safety != need.safety
    # Inside a safety need the type alone changes nothing: it is one person's case.
    other = not need.safety and statement.label_id != need.need_type_id
    fixed = statement.placed or need.locked
    if not must and (not other or fixed):
        return None
    statement.need, statement.placed = None, False
    record(need, "voice_out", actor=actor, note=statements_note([statement.ordinal]))
    return need


def _settle(statement: Statement, left: Need | None, actor: User) -> None:
    """After a decision: open the safety need it calls for, close what it emptied."""
    study = statement.interview.study
    if statement.safety and statement.need_id is None:
        place_safety(study)
        statement.refresh_from_db(fields=["need"])
    if left is not None and not withdraw_if_empty(left, actor):
        if statement.safety:
            retitle([left])
        rank_needs(study, [left])
