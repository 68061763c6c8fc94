"""Studies: who sees which, what each has heard, and who was not heard."""

import math
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from sanshe.needs.models import Informant, Interview, Quota, Statement, Study
from sanshe.needs.rules import PLACE_READERS, RUNNERS
from sanshe.organizations.scope import Scope

FEWEST_CATEGORIES = 5
FEWEST_METHODS = 2


def inside(field: str, prefixes: frozenset[str]) -> Q:
    """Rows whose place code in `field` lies inside any of the prefixes."""
    found = Q(pk__in=[])
    for prefix in sorted(prefixes):
        found |= Q(**{f"{field.removesuffix('_id')}__code__startswith": prefix})
    return found


def studies_visible_to(scope: Scope) -> QuerySet[Study]:
    """Studies this person may open: run by their organisation, or of a place in their care."""
    return (
        Study.objects.filter(
            Q(organization__in=scope.organization_pks(*RUNNERS))
            | inside("community_id", scope.prefixes(*PLACE_READERS))
        )
        .select_related("community", "community__parent", "organization")
        .order_by("-starts_on", "-pk")
    )


def with_counts(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Each study with `heard` statements and how many of them `unchecked` people still wait."""
    return studies.annotate(
        heard=Count("interviews__statements"),
        unchecked=Count(
            "interviews__statements",
            filter=Q(interviews__statements__checked=False),
        ),
    )


@dataclass(frozen=True)
class Heard:
    """One informant category of a study: whom it meant to hear and whom it heard."""

    informant: str
    label: str
    people: int
    statements: int
    target: int

    @property
    def share(self) -> int:
        """Percent of the quota reached, at most 100; 100 where there is no quota."""
        return min(100, self.people * 100 // self.target) if self.target else 100

    @property
    def missing(self) -> int:
        return max(0, self.target - self.people)


@dataclass(frozen=True)
class Coverage:
    """Who was heard and who was not, and how (domain.md 2.1); it warns and never blocks."""

    rows: tuple[Heard, ...]
    methods: tuple[tuple[str, int], ...]
    estimated: bool
    residents: int | None

    @property
    def heard(self) -> list[Heard]:
        return [row for row in self.rows if row.people]

    @property
    def not_heard(self) -> list[Heard]:
        return [row for row in self.rows if not row.people and row.informant != Informant.OTHER]

    @property
    def quotas(self) -> list[Heard]:
        return [row for row in self.rows if row.target]

    @property
    def categories(self) -> int:
        return len([row for row in self.heard if row.informant != Informant.OTHER])

    @property
    def people(self) -> int:
        return sum(row.people for row in self.rows)

    @property
    def too_few_categories(self) -> bool:
        return self.categories < FEWEST_CATEGORIES

    @property
    def too_few_methods(self) -> bool:
        return len(self.methods) < FEWEST_METHODS

    @property
    def samples(self) -> list[tuple[int, int]]:
        """(error in percent, people to ask) where the number of residents is known."""
        if not self.residents:
            return []
        return [(5, sample_size(self.residents, 0.05)), (10, sample_size(self.residents, 0.10))]


def sample_size(residents: int, error: float) -> int:
    """Yamane's n = N / (1 + N·e²), rounded to the nearest person: 3000 at 5 % is 353."""
    return math.floor(residents / (1 + residents * error * error) + 0.5)


def coverage_of(study: Study) -> Coverage:
    """Three queries, however many interviews there are."""
    targets = dict(Quota.objects.filter(study=study).values_list("informant", "target"))
    people: dict[str, int] = {}
    methods: dict[str, int] = {}
    estimated = False
    interviews = (
        Interview.objects.filter(study=study)
        .order_by()
        .values("informant", "method", "people_estimated")
        .annotate(heard=Sum("people"))
    )
    for row in interviews:
        people[row["informant"]] = people.get(row["informant"], 0) + row["heard"]
        methods[row["method"]] = methods.get(row["method"], 0) + row["heard"]
        estimated = estimated or row["people_estimated"]
    statements = dict(
        Statement.objects.filter(interview__study=study)
        .order_by()
        .values_list(F("interview__informant"))
        .annotate(heard=Count("pk"))
    )
    return Coverage(
        rows=tuple(
            Heard(
                informant.value,
                str(informant.label),
                people.get(informant.value, 0),
                statements.get(informant.value, 0),
                targets.get(informant.value, 0),
            )
            for informant in Informant
        ),
        methods=tuple(sorted(methods.items())),
        estimated=estimated,
        residents=study.community.residents,
    )
