"""Background: look at new statements, and at the undecided ones when the model has changed."""

from django_tasks import task

from sanshe.needs.models import Study, StudyStatus
from sanshe.needs.services.classification import classify_study
from sanshe.needs.services.classifier import read_scorer

_AT_WORK = (StudyStatus.PLANNED, StudyStatus.COLLECTING, StudyStatus.SORTING, StudyStatus.RANKING)


@task()
def classify(study_pk: int) -> int:
    """Classify what a study has not had classified; a study deleted meanwhile has nothing."""
    study = Study.objects.filter(pk=study_pk).first()
    if study is None:
        return 0
    done = classify_study(study)
    # The next step is forming needs: what it learns from is made ready while nobody waits.
    read_scorer()
    return done


def on_statements_stored(study_pk: int) -> None:
    classify.enqueue(study_pk)


def on_model_used(_version_pk: int) -> None:
    studies = Study.objects.filter(status__in=_AT_WORK, interviews__statements__checked=False)
    for pk in studies.order_by("pk").values_list("pk", flat=True).distinct():
        classify.enqueue(pk)
