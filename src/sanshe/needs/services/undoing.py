"""Taking the statements of an import out again, as long as nobody has built on them."""

from django.db.models import Q
from django.utils.translation import gettext as _

from sanshe.core.errors import NotNow
from sanshe.core.history import history_of
from sanshe.needs.models import Import, Labelling, Need, NeedStatus, Statement


def remove_statements_of(import_: Import) -> int:
    """Delete the statements and interviews of an import, and the needs only they spoke for.

    What people did is not thrown away: labelled statements, needs that people renamed, merged,
    locked or moved on, and needs already matched or planned for stop the undoing. Call inside
    the transaction that changes the import.

    Raises:
        NotNow: people have worked with the statements.
    """
    statements = Statement.objects.filter(interview__source=import_)
    decided = statements.filter(
        Q(checked=True)
        | Q(dismissed=True)
        | Q(
            pk__in=Labelling.objects.filter(statement__interview__source=import_).values(
                "statement"
            )
        )
    ).count()
    if decided:
        raise NotNow(
            _("其中 %(count)s 条诉求已由同事核对，不能整批撤销；请在核对页把不要的标为“不含需求”。")
            % {"count": decided}
        )
    needs = list(
        Need.objects.filter(statements__in=statements).distinct().prefetch_related("merged_needs")
    )
    for need in needs:
        if _worked_on(need):
            raise NotNow(
                _("其中的诉求已用于需求“%(need)s”（已由人处理、匹配或立项），不能整批撤销。")
                % {"need": need.title}
            )
    removed = statements.count()
    import_.interviews.all().delete()
    left_alone = Need.objects.filter(pk__in=[need.pk for need in needs], statements__isnull=True)
    left_alone.delete()
    return removed


def _worked_on(need: Need) -> bool:
    """Whether people, a match run or a proposal have touched the need."""
    if need.locked or need.status != NeedStatus.NEW or need.merged_needs.all():
        return True
    if history_of(need).filter(actor__isnull=False).exists():
        return True
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: need}).exists()
        for relation in Need._meta.related_objects
        # Apps above are asked without being known: whatever points at a need.
        if relation.related_model._meta.app_label != Need._meta.app_label
    )
