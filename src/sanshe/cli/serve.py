"""`sanshe serve`: the site and its background worker as one program with one Ctrl-C."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, say, show
from sanshe.cli.ports import listen, require_free
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
_START_SECONDS = 30.0
#: A web process that ended sooner than this would only end again.
_LIVED_SECONDS = 10.0


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


@dataclass
class _Child:
    """A program of the site that runs beside this one."""

    name: str
    command: list[str]
    descriptors: tuple[int, ...] = ()
    process: "subprocess.Popen[bytes]" = field(init=False)
    began: float = field(init=False)

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches this program alone, which ends all in order.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", *self.command],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.descriptors,
        )
        self.began = time.monotonic()

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def may_start_again(self) -> bool:
        """A web process that did its work for a while; one that cannot start never will."""
        return self.name == "web" and time.monotonic() - self.began > _LIVED_SECONDS


def serve(host: str, port: int, workers: int, form: Format) -> None:
    """Run web and worker until one ends or a person stops them; all end together."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    with listen(host, port) as listener:
        # One socket for all web processes: where one ends, the others go on taking connections.
        descriptor = listener.fileno()
        children = [
            *(
                _Child("web", ["sanshe.cli.web", str(descriptor)], (descriptor,))
                for _ in range(workers)
            ),
            _Child("worker", ["django", "db_worker", "--worker-id", f"serve-{os.getpid()}", "-v0"]),
        ]
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        for child in children:
            child.start()
        try:
            if _answers(host, port, children, stopping):
                _announce(host, port, form)
            failed = _watch(children, stopping)
        finally:
            _end([child.process for child in children])
            for number, handler in before.items():
                signal.signal(number, handler)
    if failed:
        raise Problem(
            "stopped",
            f"网站已停止：{failed} 进程意外结束，原因见上面的输出。",
            f"The site has stopped: the {failed} process ended; its output above says why.",
        )
    say(t("网站已停止。", "The site has stopped."))


def _watch(children: list[_Child], stopping: threading.Event) -> str:
    """Until a person stops the site, or a program that cannot be started again has ended: which."""
    while not stopping.is_set():
        for child in children:
            if not child.has_ended:
                continue
            if not child.may_start_again:
                return child.name
            say(
                t(
                    "一个网站进程意外结束，已重新启动。",
                    "A web process had ended and was started again.",
                )
            )
            child.start()
        stopping.wait(0.5)
    return ""


def _answers(host: str, port: int, children: list[_Child], stopping: threading.Event) -> bool:
    """Wait until the site answers; whether it does."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and not stopping.is_set():
        if any(child.has_ended for child in children):
            return False
        asking = http.client.HTTPConnection(_near(host), port, timeout=1)
        try:
            asking.request("HEAD", "/healthz")
            asking.getresponse()
        except (OSError, http.client.HTTPException):
            stopping.wait(0.1)
        else:
            return True
        finally:
            asking.close()
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


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
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
