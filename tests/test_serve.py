"""The web process: nobody takes a thread from the others, and it ends when it is told to."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments

from sanshe.cli import web
from sanshe.cli.ports import listen

HEAD = (
    "POST /account/login/ HTTP/1.1\r\nHost: localhost\r\n"
    # With this cookie Django reads the body for the token that belongs to it.
    "Cookie: csrftoken=abcdefghijklmnopqrstuvwxyz123456\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {size}\r\n\r\n"
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A web process as `serve` starts it, on the settings of the tests."""
    with listen("127.0.0.1", 0) as listener:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sanshe.cli.web", str(descriptor)],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "sanshe.config.settings.test"},
            pass_fds=(descriptor,),
        )
        try:
            found = int(listener.getsockname()[1])
            assert ask(found, timeout=60)[0] == 200
            yield found
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()


def ask(port: int, timeout: float = 10) -> tuple[int, float]:
    """Status of a page without a database, and how long it took."""
    began = time.monotonic()
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(asking):
        asking.request("GET", "/robots.txt")
        return asking.getresponse().status, time.monotonic() - began


def test_many_slow_bodies_keep_nobody_waiting(port: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(2 * web.THREADS):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(HEAD.format(size=1000).encode() + b"a")
        time.sleep(0.5)
        status, seconds = ask(port)
    assert status == 200
    assert seconds < 5


def test_a_body_larger_than_any_upload_is_refused_before_it_is_sent(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as huge:
        huge.sendall(HEAD.format(size=40 * 2**20).encode())
        assert huge.recv(100).startswith(b"HTTP/1.1 413")


def test_headers_without_end_are_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as long:
        long.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000)
        assert long.recv(100).startswith(b"HTTP/1.0 431")


def test_a_request_that_takes_too_long_to_arrive_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(web, "time", SimpleNamespace(monotonic=lambda: clock.now))
    server = SimpleNamespace(active_channels={}, add_task=lambda _channel: None)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = web.Channel(server, ours, "", Adjustments(), map={})
        channel.received(HEAD.format(size=2).encode() + b"a")
        clock.now += web.ARRIVAL_SECONDS
        channel.received(b"a")
        assert len(channel.requests) == 1

        # The same connection asks again, an hour later: a new request has time of its own.
        channel.requests.clear()
        clock.now += 3600
        channel.received(HEAD.format(size=100).encode())
        clock.now += web.ARRIVAL_SECONDS - 1
        assert channel.received(b"a") and not channel.will_close
        clock.now += 2
        assert not channel.received(b"a") and channel.will_close
