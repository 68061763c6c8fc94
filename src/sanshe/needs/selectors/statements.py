"""Statements and interviews: who may read which words."""

import json
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from sanshe.core.encryption import decrypt
from sanshe.needs.models import Import, Interview, Statement, Study
from sanshe.needs.rules import COLLECTORS, DISTANT, RUNNERS
from sanshe.needs.selectors.studies import inside
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope


def statements_visible_to(scope: Scope) -> QuerySet[Statement]:
    """Statements whose masked words this person may read.

    People close to the study read all. Distant roles read only the voices behind a need, and
    never what concerns safety; everybody else reads none.
    """
    close = Q(interview__study__organization__in=scope.organization_pks(*RUNNERS)) | inside(
        "interview__study__community_id", scope.prefixes(Role.COMM)
    )
    distant = inside("interview__study__community_id", scope.prefixes(*DISTANT)) & Q(
        safety=False, need__isnull=False, need__safety=False
    )
    return Statement.objects.filter(close | distant).select_related("interview", "label")


def interviews_visible_to(scope: Scope) -> QuerySet[Interview]:
    """Interviews of the studies this person is close to."""
    return Interview.objects.filter(
        Q(study__organization__in=scope.organization_pks(*RUNNERS))
        | inside("study__community_id", scope.prefixes(Role.COMM))
    ).select_related("study__community", "study__organization", "heard_by", "source")


def imports_visible_to(scope: Scope) -> QuerySet[Import]:
    """Imports of the studies this person collects for."""
    return Import.objects.filter(
        study__organization__in=scope.organization_pks(*COLLECTORS)
    ).select_related("study__community", "study__organization", "actor")


def interviews_of(study: Study) -> QuerySet[Interview]:
    """The interviews of a study, latest first, each with how many statements it `heard`."""
    return (
        Interview.objects.filter(study=study)
        .select_related("heard_by", "source")
        .annotate(heard=Count("statements"))
        .order_by("-held_on", "-pk")
    )


def safety_count(study: Study) -> int:
    """How many statements concern somebody's safety: distant roles get only this number."""
    return Statement.objects.filter(interview__study=study, safety=True).count()


@dataclass(frozen=True)
class Piece:
    """A stretch of a statement as it was said; `covered` where the stored text is masked."""

    text: str
    covered: bool


def seal_spans(spans: list[tuple[int, int, str]]) -> str:
    """Masked spans (start, end in the masked text, original) as they are encrypted."""
    return json.dumps([[start, end, said] for start, end, said in spans], ensure_ascii=False)


def original_pieces(statement: Statement) -> list[Piece]:
    """The words as they were said; call only after the reading was logged."""
    if statement.original is None:
        return [Piece(statement.text, covered=False)]
    pieces: list[Piece] = []
    at = 0
    for start, end, said in json.loads(decrypt(bytes(statement.original))):
        if start > at:
            pieces.append(Piece(statement.text[at:start], covered=False))
        pieces.append(Piece(said, covered=True))
        at = end
    if at < len(statement.text):
        pieces.append(Piece(statement.text[at:], covered=False))
    return pieces
