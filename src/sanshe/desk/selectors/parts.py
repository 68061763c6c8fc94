"""What a home page is made of."""

from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Task:
    """One thing that waits for this person, and the page where it is done."""

    title: Words
    note: Words
    url: str
    icon: str
    label: Words = ""
    tone: str = "secondary"


@dataclass(frozen=True)
class Group:
    """Tasks of one kind. `total` counts also those that are not listed.

    A group that is no `work` only tells what moves; nobody waits for this person there.
    """

    title: Words
    icon: str
    tasks: tuple[Task, ...]
    total: int = 0
    url: str = ""
    urgent: bool = False
    work: bool = True

    @property
    def unlisted(self) -> int:
        return max(0, self.total - len(self.tasks))


@dataclass(frozen=True)
class Figure:
    """A number worth knowing at a glance."""

    label: Words
    value: object
    hint: Words = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Guide:
    """What a person may do here when nothing waits."""

    title: Words
    text: Words
    url: str = ""
    link: Words = ""


@dataclass
class Home:
    """One person's first page; what several roles bring is simply added up."""

    groups: list[Group] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)

    def add(self, *parts: Group | Figure | Guide) -> None:
        for part in parts:
            if isinstance(part, Group):
                if part.tasks:
                    self.groups.append(part)
            elif isinstance(part, Figure):
                self.figures.append(part)
            else:
                self.guides.append(part)

    @property
    def urgent(self) -> list[Group]:
        return [group for group in self.groups if group.urgent]

    @property
    def work(self) -> list[Group]:
        return [group for group in self.groups if group.work and not group.urgent]

    @property
    def moving(self) -> list[Group]:
        return [group for group in self.groups if not group.work]

    @property
    def waiting(self) -> int:
        return sum(max(g.total, len(g.tasks)) for g in self.groups if g.work)
