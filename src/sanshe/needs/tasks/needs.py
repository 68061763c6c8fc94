"""Background: form the needs of a study that has heard very much."""

from django_tasks import task

from sanshe.needs.models import Study
from sanshe.needs.services.needs import propose_needs


@task()
def propose(study_pk: int) -> int:
    """Form needs; how many were made. The request that asked has checked who asks."""
    study = Study.objects.filter(pk=study_pk).first()
    return propose_needs(study=study, actor=None).made if study is not None else 0


def on_needs_wanted(study_pk: int) -> None:
    propose.enqueue(study_pk)
