"""Listening where the site is asked to, and saying why where it cannot."""

import errno
import socket

from sanshe.cli.console import Problem

#: Connections that may wait to be taken.
_WAITING = 1024


def require_free(host: str, port: int) -> None:
    """Raises Problem: another program has the port, or this one may not have it."""
    listen(host, port).close()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises Problem as `require_free` does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_WAITING)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Problem(
                "port_taken",
                f"端口 {port} 已被另一个程序占用（也许网站已经在运行：http://{host}:{port}/ ）。"
                f"请关闭它，或换一个端口：--port {port + 1}。",
                f"Port {port} is taken by another program (perhaps the site already runs at "
                f"http://{host}:{port}/ ). Stop it, or choose another port: --port {port + 1}.",
            ) from error
        raise Problem(
            "port",
            f"不能在 {host}:{port} 上监听：{error.strerror or error}。请换一个地址或端口。",
            f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose another.",
        ) from error
