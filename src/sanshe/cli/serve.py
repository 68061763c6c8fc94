"""`sanshe serve`: the site and its background worker as one program with one Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from types import FrameType
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, say, show
from sanshe.cli.ports import require_free
from sanshe.cli.site import collect_static, open_site, prepare_database
from sanshe.cli.words import t
from sanshe.config import env

HELP = t(
    "运行网站，后台任务在同一命令中。默认只供本机使用；对外服务请放在反向代理（TLS）之后，"
    "并设置 DJANGO_SETTINGS_MODULE=sanshe.config.settings.prod 与 SANSHE_HOSTS。",
    "Run the site and its background worker. For this machine only unless told otherwise; for "
    "others put a TLS proxy before it and set DJANGO_SETTINGS_MODULE=sanshe.config.settings.prod "
    "and SANSHE_HOSTS.",
)
_GRACE_SECONDS = 10.0


def run(
    port: Annotated[int, typer.Option(min=1, max=65535, help=t("端口", "Port"))] = 8000,
    host: Annotated[str, typer.Option(help=t("监听地址", "Address to listen on"))] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help=t("网站进程数", "Web processes"))] = 1,
    form: FormatOption = Format.TEXT,
) -> None:
    require_free(host, port)
    open_site()
    prepare_database()
    collect_static()
    serve(host, port, workers, form)


def serve(host: str, port: int, workers: int, form: Format) -> None:
    """Run web and worker until one ends or a person stops them; both end together."""
    web = [
        *("granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", "8", "--backpressure", "64"),
        *("--log-level", "warning", "--respawn-failed-workers"),
        "sanshe.config.wsgi:application",
    ]
    worker = ["django", "db_worker", "--worker-id", f"serve-{os.getpid()}", "-v", "0"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    # Sessions of their own: Ctrl-C reaches this program alone, which ends both in order.
    children = [
        subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in (web, worker)
    ]
    try:
        if _answers(host, port, children, stopping):
            _announce(host, port, form)
        while not stopping.is_set() and all(child.poll() is None for child in children):
            stopping.wait(0.5)
    finally:
        _end(children)
        for number, handler in before.items():
            signal.signal(number, handler)
    if not stopping.is_set():
        failed = "web" if children[0].returncode else "worker"
        raise Problem(
            "stopped",
            f"网站已停止：{failed} 进程意外结束，原因见上面的输出。",
            f"The site has stopped: the {failed} process ended; its output above says why.",
        )
    say(t("网站已停止。", "The site has stopped."))


def _answers(
    host: str, port: int, children: Iterable[subprocess.Popen[bytes]], stopping: threading.Event
) -> bool:
    """Wait until the site takes connections."""
    until = time.monotonic() + 30
    while time.monotonic() < until and not stopping.is_set():
        if any(child.poll() is not None for child in children):
            return False
        try:
            with socket.create_connection((_near(host), port), timeout=1):
                return True
        except OSError:
            stopping.wait(0.1)
    return False


def _near(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _announce(host: str, port: int, form: Format) -> None:
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    text = t(
        f"网站：{address}（按 Ctrl-C 停止；数据在 {env.home()}）",
        f"The site: {address} (Ctrl-C stops it; its data is in {env.home()})",
    )
    show(form, {"address": address, "home": str(env.home())}, text)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    until = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
