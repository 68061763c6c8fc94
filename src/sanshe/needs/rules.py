"""Who may do what with studies, statements and needs. Pure predicates over a Scope.

Close to a study are the people whose organisation runs it and the committee of its community;
they hear the words. Distant roles (city, civil affairs, town, station of another organisation)
read what became of them.
"""

from sanshe.needs.models import (
    NEED_FLOW,
    STUDY_FLOW,
    Interview,
    Need,
    NeedMove,
    Statement,
    Study,
    StudyMove,
    StudyStatus,
)
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope

# Studies and statements ---------------------------------------------------------------------

#: Roles that act for the organisation which runs a study.
RUNNERS = (Role.AGENCY, Role.SUPV, Role.SW, Role.STATION)
#: Those of them who collect and write; the supervisor reads and approves.
COLLECTORS = (Role.AGENCY, Role.SW, Role.STATION)
#: Roles that see the studies of a place.
PLACE_READERS = (Role.CITY, Role.CIVIL, Role.TOWN, Role.COMM, Role.STATION)
#: Place roles that read only words which stand behind a need, and never safety statements.
DISTANT = (Role.CITY, Role.CIVIL, Role.TOWN, Role.STATION)
#: Roles that may see what was masked, in a study they are close to.
ORIGINAL_READERS = (Role.AGENCY, Role.SUPV, Role.SW)

COLLECTING = frozenset({StudyStatus.COLLECTING, StudyStatus.SORTING})

_MOVERS: dict[str, tuple[Role, ...]] = {
    StudyMove.START: COLLECTORS,
    StudyMove.SORT: COLLECTORS,
    StudyMove.RANK: COLLECTORS,
    StudyMove.FINISH: RUNNERS,
    StudyMove.REOPEN: RUNNERS,
    StudyMove.SUBMIT: COLLECTORS,
    StudyMove.CONFIRM: (Role.COMM,),
    StudyMove.RETURN: (Role.COMM,),
    StudyMove.ARCHIVE: (Role.AGENCY, Role.STATION),
}
#: Moves that must say why.
NEEDS_REASON = frozenset({StudyMove.RETURN, StudyMove.REOPEN})


def runs(scope: Scope, study: Study, *roles: Role) -> bool:
    """Whether the person acts, in one of the roles, for the organisation that runs the study."""
    return study.organization_id in scope.organization_pks(*(roles or RUNNERS))


def hosts(scope: Scope, study: Study) -> bool:
    """Whether the person sits on the committee of the study's community."""
    return scope.covers(study.community_id, Role.COMM)


def may_create_study(scope: Scope) -> bool:
    return bool(scope.organization_pks(*COLLECTORS))


def may_edit_study(scope: Scope, study: Study) -> bool:
    open_states = {StudyStatus.PLANNED, StudyStatus.COLLECTING, StudyStatus.SORTING,
                   StudyStatus.RANKING}  # fmt: skip
    return runs(scope, study, *COLLECTORS) and study.status in open_states


def may_move_study(scope: Scope, verb: str, study: Study) -> bool:
    """Whether the role allows the move; whether the state does is the flow's question."""
    roles = _MOVERS.get(verb, ())
    if Role.COMM in roles:
        return hosts(scope, study)
    return runs(scope, study, *roles) if roles else False


def study_moves_for(scope: Scope, study: Study) -> list[StudyMove]:
    """The buttons this person finds on the study's page."""
    verbs = (StudyMove(verb) for verb in STUDY_FLOW.open_moves(study.status))
    return [verb for verb in verbs if may_move_study(scope, verb, study)]


def may_collect(scope: Scope, study: Study) -> bool:
    """Whether the person writes down what was said; whether the study is open is another matter."""
    return runs(scope, study, *COLLECTORS)


def is_collecting(study: Study) -> bool:
    return study.status in COLLECTING


def is_close(scope: Scope, study: Study) -> bool:
    """Whether the person hears every (masked) word of the study."""
    return runs(scope, study) or hosts(scope, study)


def may_export_statements(scope: Scope, study: Study) -> bool:
    return is_close(scope, study)


def may_read_original(scope: Scope, study: Study) -> bool:
    """Whether masked personal data may be uncovered; every reading is logged."""
    return runs(scope, study, *ORIGINAL_READERS) or hosts(scope, study)


def may_edit_interview(scope: Scope, interview: Interview) -> bool:
    return may_collect(scope, interview.study)


def may_delete_statement(scope: Scope, statement: Statement) -> bool:
    """One's own words, not yet labelled nor bound to a need; the clock is the service's."""
    return (
        scope.user_pk is not None
        and statement.recorded_by_id == scope.user_pk
        and statement.interview.source_id is None
        and not statement.checked
        and not statement.dismissed
        and statement.need_id is None
    )


# Needs ----------------------------------------------------------------------------------------

#: Staff who work on what was said; the supervisor reads along.
_WORKERS = COLLECTORS
#: Offices that may answer, refer or put off a need of their place, and tell the residents.
_ANSWERING = (Role.TOWN, Role.STATION)
#: Roles that read the part of the needs that is public.
PUBLIC_READERS = (Role.CORG, Role.VOL, Role.DONOR, Role.RES)

_CLOSE_MOVES = frozenset(
    {NeedMove.CLASSIFY, NeedMove.MERGE, NeedMove.UNMERGE, NeedMove.VERIFY, NeedMove.RESUME}
)
_ANSWER_MOVES = frozenset(
    {NeedMove.REFER, NeedMove.ANSWER, NeedMove.DEFER, NeedMove.TELL, NeedMove.CLOSE}
)
#: Moves that must say why, to whom or what was done.
NEED_MOVES_WITH_NOTE = frozenset({NeedMove.REFER, NeedMove.ANSWER, NeedMove.DEFER})


def may_label(scope: Scope, study: Study) -> bool:
    """Whether the person sorts what was said; what they decide teaches the model."""
    return runs(scope, study, *_WORKERS)


def may_arrange(scope: Scope, study: Study) -> bool:
    """Whether the person forms, merges, splits, renames, rates and locks needs."""
    return runs(scope, study, *_WORKERS) or hosts(scope, study)


def may_weigh(scope: Scope, study: Study) -> bool:
    """Whether the person sets the weights by which the needs of a study are ranked."""
    return runs(scope, study, Role.AGENCY) or hosts(scope, study)


def may_see_safety(scope: Scope, study: Study) -> bool:
    """Whether needs that concern somebody's safety are shown; others get their number."""
    return is_close(scope, study)


def may_move_need(scope: Scope, verb: str, need: Need) -> bool:
    """Whether the role allows the move; whether the state does is the flow's question.

    Needs are planned by the approval of a proposal, and safety needs never are.
    """
    if verb == NeedMove.PLAN:
        return hosts(scope, need.study) and not need.safety
    if verb in _CLOSE_MOVES:
        return may_arrange(scope, need.study)
    if verb in _ANSWER_MOVES:
        nearby = not need.safety and scope.covers(need.community_id, *_ANSWERING)
        return may_arrange(scope, need.study) or nearby
    return False


def need_moves_for(scope: Scope, need: Need) -> list[NeedMove]:
    """The buttons this person finds on a need; merging and planning have pages of their own."""
    elsewhere = {NeedMove.MERGE, NeedMove.UNMERGE, NeedMove.PLAN}
    return [
        NeedMove(verb)
        for verb in NEED_FLOW.open_moves(need.status)
        if verb not in elsewhere and may_move_need(scope, verb, need)
    ]


def may_read_models(scope: Scope) -> bool:
    """The page of the classifier shows figures, no words of residents."""
    return scope.has(*RUNNERS, Role.COMM, Role.SYS)


def may_teach(scope: Scope) -> bool:
    """Whether the person may have the classifier learn now."""
    return scope.has(*_WORKERS, Role.SYS)


def may_switch_model(scope: Scope) -> bool:
    """Which version is used concerns every study: the system's keeper alone, and on record."""
    return scope.has(Role.SYS)
