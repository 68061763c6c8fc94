from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "sanshe.core"

    def ready(self) -> None:
        # Needs the tables' models, which are loaded only now.
        from sanshe.core.append_only import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="append-only")
