"""What commands that touch the site share: settings, an up-to-date database, static files."""

import hashlib
import os
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from sanshe.cli.console import Problem
from sanshe.cli.files import build
from sanshe.config import env
from sanshe.core.assets import AssetsMissing

STATIC_STAMP = ".stamp"
NODE_MODULES = Path(__file__).resolve().parents[3] / "node_modules"


def open_site() -> None:
    """Set Django up on the settings of this installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanshe.config.settings.office")
    try:
        env.home().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            "home",
            f"数据文件夹“{env.home()}”不能写入（{error.strerror}），请用 SANSHE_HOME 指定另一个。",
            f"The data folder “{env.home()}” is not writable ({error.strerror}); name another one "
            "with SANSHE_HOME.",
        ) from error
    django.setup()


def prepare_database() -> None:
    """Tables, cache table, taxonomy and places as this version has them; safe to repeat."""
    call_command("prepare", verbosity=0, stdout=StringIO())


def collect_static() -> bool:
    """Static files with hashed names, when any has changed; True where they were built.

    Raises:
        Problem: the front-end packages are not installed.
    """
    try:
        build(NODE_MODULES)
    except AssetsMissing as error:
        if not (env.home() / "vendor" / "icons.svg").is_file():
            raise Problem(
                "no_front_end",
                "前端文件还没有安装，请通过 ./sanshe 运行一次（例如 ./sanshe serve）。",
                "The front-end files are not installed: run through ./sanshe once "
                "(for example ./sanshe serve).",
            ) from error
    stamp = _static_stamp()
    written = Path(settings.STATIC_ROOT) / STATIC_STAMP
    if written.is_file() and written.read_text() == stamp:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    written.write_text(stamp)
    return True


def _static_stamp() -> str:
    """A digest of every static file's name, size and time: contents are read only when it moved."""
    digest = hashlib.sha256(django.get_version().encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name}|{about.st_size}|{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
