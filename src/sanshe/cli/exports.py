"""What `sanshe export` writes. Loaded after the site has been opened."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.db.models import Count, Q
from django.db.utils import OperationalError, ProgrammingError
from django.utils import timezone, translation

from sanshe.cli.console import Problem
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.needs.models import Need, Statement
from sanshe.office.tables import Cell
from sanshe.office.write import SheetOut, write_csv, write_xlsx
from sanshe.places.models import Division
from sanshe.projects.models import Proposal

Lines = Iterable[Sequence[Cell]]


def export(what: str, path: Path) -> int:
    """Write one table and log it; the number of rows.

    Raises:
        Problem: the database holds no tables yet.
        OfficeError: the file cannot be written.
    """
    columns, make = TABLES[what]
    try:
        with translation.override("zh-hans"):
            rows = list(make())
    except (OperationalError, ProgrammingError) as error:
        raise Problem(
            "no_database",
            "数据库还没有建立，请先运行 sanshe demo 或 sanshe serve。",
            "There is no database yet: run sanshe demo or sanshe serve first.",
        ) from error
    if path.suffix.lower() == ".csv":
        write_csv(path, columns, rows, for_people=True)
    else:
        write_xlsx(path, [SheetOut(what, columns, rows)])
    AccessLine.objects.create(
        subject=f"cli.{what}", subject_pk="*", verb="export", rows=len(rows), note=path.name
    )
    return len(rows)


def _needs() -> Lines:
    needs = (
        Need.objects.filter(safety=False)
        .select_related("study", "community", "need_type")
        .annotate(voices=Count("statements", filter=Q(statements__safety=False)))
        .order_by("study_id", "-priority", "pk")
    )
    for need in needs.iterator():
        yield (
            *(need.pk, need.study.title, need.community_id, need.community.short_name),
            *(need.title, need.need_type_id, need.need_type.name_zh, need.get_status_display()),
            *(need.band, round(need.priority, 2), need.voices, need.people_affected),
        )


def _statements() -> Lines:
    statements = (
        Statement.objects.filter(safety=False)
        .filter(Q(need__isnull=True) | Q(need__safety=False))
        .select_related("interview__study", "community", "label")
        .order_by("pk")
    )
    for statement in statements.iterator(chunk_size=2000):
        interview = statement.interview
        yield (
            *(statement.pk, interview.study.title, statement.community_id, statement.text),
            *(interview.get_informant_display(), interview.get_method_display()),
            *(interview.held_on, statement.label_id or "", round(statement.confidence, 4)),
            *(statement.checked, statement.need_id),
        )


def _proposals() -> Lines:
    proposals = Proposal.objects.select_related("study", "community", "organization").order_by("pk")
    for proposal in proposals.iterator():
        yield (
            *(proposal.pk, proposal.title, proposal.study.title, proposal.community_id),
            *(proposal.community.short_name, str(proposal.organization)),
            *(proposal.get_status_display(), proposal.number),
            *(proposal.starts_on, proposal.ends_on),
        )


def _divisions() -> Lines:
    for place in Division.objects.order_by("code").iterator():
        yield (
            *(place.code, place.parent_id or "", place.level, place.name, place.short_name),
            *(place.residents, place.residents_source, place.valid_from, place.valid_to),
        )


def _audit() -> Lines:
    def lines() -> Iterator[tuple[datetime, Sequence[Cell]]]:
        for change in HistoryLine.objects.select_related("actor").iterator():
            name = change.actor.get_username() if change.actor else ""
            yield (
                change.at,
                ("change", name, change.verb, change.subject, change.subject_pk, None, "",
                 change.note),
            )  # fmt: skip
        for access in AccessLine.objects.select_related("actor").iterator():
            name = access.actor.get_username() if access.actor else ""
            yield (
                access.at,
                ("access", name, access.verb, access.subject, access.subject_pk, access.rows,
                 access.address or "", access.note),
            )  # fmt: skip

    for at, cells in sorted(lines(), key=lambda line: line[0]):
        yield (timezone.localtime(at).replace(tzinfo=None, microsecond=0), *cells)


#: Table → its headings and how its lines are made.
TABLES: dict[str, tuple[tuple[str, ...], Callable[[], Lines]]] = {
    "needs": (
        ("编号", "调研", "社区代码", "社区", "需求", "类型代码", "类型", "状态", "等级", "优先级",
         "诉求数", "涉及人数"),
        _needs,
    ),
    "statements": (
        ("编号", "调研", "社区代码", "反映内容", "受访对象", "方式", "日期", "类型代码", "置信度",
         "已核对", "需求编号"),
        _statements,
    ),
    "proposals": (
        ("编号", "项目名称", "调研", "社区代码", "社区", "机构", "状态", "版本", "开始日期",
         "结束日期"),
        _proposals,
    ),
    "divisions": (
        ("代码", "上级代码", "层级", "名称", "简称", "常住人口", "人口数据来源", "启用日期",
         "停用日期"),
        _divisions,
    ),
    "audit": (
        ("时间", "类别", "操作人", "动作", "对象类型", "对象编号", "条数", "来源地址", "说明"),
        _audit,
    ),
}  # fmt: skip
