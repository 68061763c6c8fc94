"""One office computer: plain HTTP on loopback, no other service."""

from sanshe.config.settings.base import *  # noqa: F403

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
