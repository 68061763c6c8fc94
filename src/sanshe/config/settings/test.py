"""The test suite: fast passwords, tasks at once, no build of static files."""

import os

os.environ.setdefault("SANSHE_SECRET_KEY", "a key for tests only, never for people " * 2)
os.environ.setdefault("SANSHE_FIELD_KEY", "a field key for tests only, never for people")

from sanshe.config.settings.base import *  # noqa: E402, F403

ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
