from importlib import import_module

from django.apps import AppConfig

from sanshe.core.events import subscribe


class NeedsConfig(AppConfig):
    name = "sanshe.needs"

    def ready(self) -> None:
        # The tasks import models, which are not there before this moment.
        classification = import_module("sanshe.needs.tasks.classification")
        learning = import_module("sanshe.needs.tasks.learning")
        needs = import_module("sanshe.needs.tasks.needs")
        subscribe("statements.stored", classification.on_statements_stored)
        subscribe("model.used", classification.on_model_used)
        subscribe("statement.labelled", learning.on_labelled)
        subscribe("learning.asked", learning.on_learning_asked)
        subscribe("needs.wanted", needs.on_needs_wanted)
