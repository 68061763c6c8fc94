"""One web process of `serve`, on a listening socket it was handed: `python -m sanshe.cli.web FD`.

Waitress takes a request in whole, headers and body, before a thread is given to it: whoever sends
a byte a second holds a socket and nothing else (docs/decisions/0008-web-server.md).
"""

import logging
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.server import create_server

from sanshe.config.wsgi import application
from sanshe.core.middleware import BodyLimitMiddleware

THREADS = 8
#: A request is to have arrived in whole within this time: 30 MB at 100 kB a second.
ARRIVAL_SECONDS = 300
#: A connection on which nothing moves is closed after this time.
IDLE_SECONDS = 60
#: More connections wait until one closes. With a file for its body each takes two descriptors, of
#: which a process usually has 1,024.
CONNECTIONS = 400
_MOST_HEADER_BYTES = 64 * 1024
#: Larger bodies go to a temporary file while they arrive.
_BODY_BYTES_IN_MEMORY = 128 * 1024


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that is closed when a request takes too long to arrive.

    Waitress itself closes idle connections only, and a byte now and then is not idle.
    """

    began = 0.0

    def received(self, data: bytes) -> bool:
        now, before = time.monotonic(), self.request
        if before is not None and now - self.began > ARRIVAL_SECONDS:
            self.will_close = True
            return False
        done = bool(super().received(data))
        if self.request is not before:
            self.began = now
        return done


def make_server(application: Any, listener: socket.socket, most_bytes: int) -> Any:
    """A waitress server on a socket that listens already; `most_bytes` is the largest body."""
    server = create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=10,
        max_request_header_size=_MOST_HEADER_BYTES,
        max_request_body_size=most_bytes + 1,
        inbuf_overflow=_BODY_BYTES_IN_MEMORY,
        # select() knows no descriptor above 1,024.
        asyncore_use_poll=True,
        # Which proxy is to be believed is a setting of the site (TRUSTED_PROXIES), not of this.
        clear_untrusted_proxy_headers=False,
        ident=None,
        log_socket_errors=False,
    )
    server.channel_class = Channel
    return server


def main(descriptor: int) -> None:
    """Serve the site until told to stop; what is being answered is answered to the end."""
    # A short queue in front of the threads is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, _stop)
    most_bytes = settings.UPLOAD_MAX_BYTES + BodyLimitMiddleware.BESIDE
    with socket.socket(fileno=descriptor) as listener:
        # What this program starts in its turn has nothing to do with it.
        listener.set_inheritable(False)
        make_server(application, listener, most_bytes).run()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    # Waitress takes this as the order to finish.
    raise SystemExit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
