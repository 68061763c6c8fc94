"""Background: learn again from what people decided."""

from django_tasks import task

from sanshe.needs.services.learning import carry_out, learn_if_enough


@task()
def learn_again(run_pk: int) -> str:
    """Carry out a learning run; the version it came to, empty where there was none to make."""
    version = carry_out(run_pk)
    return str(version) if version is not None else ""


def on_labelled(_labelling_pk: int) -> None:
    learn_if_enough()


def on_learning_asked(run_pk: int) -> None:
    learn_again.enqueue(run_pk)
