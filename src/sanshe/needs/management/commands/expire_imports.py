"""Forget uploads that nobody confirmed within a day; run it from a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sanshe.needs.services.import_files import expire_imports


class Command(BaseCommand):
    help = "删除超过 24 小时未确认的上传文件和问题表"

    def handle(self, *args: Any, **options: Any) -> None:
        count = expire_imports(now=timezone.now())
        self.stdout.write(f"{count} imports expired")
