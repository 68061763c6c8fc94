"""Storing a confirmed workbook: at once when it is small, by the worker when it is long."""

from django_tasks import task

from sanshe.needs.models import Import
from sanshe.needs.services.imports import AT_ONCE, store_import


@task()
def store(import_pk: int) -> int:
    """The statements of one confirmed import; how many."""
    return store_import(import_=Import(pk=import_pk)).found


def run(import_: Import) -> Import:
    """Store a small import now, hand a long one to the worker; call after the confirming."""
    if import_.found <= AT_ONCE:
        return store_import(import_=import_)
    store.enqueue(import_.pk)
    return Import.objects.get(pk=import_.pk)
