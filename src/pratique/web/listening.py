"""The HTTP server: Uvicorn, with bounds on what a client may open, send and leave waiting."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pratique.web.app import app_of
from pratique.web.exchange import CLIENT, Client
from pratique.web.service import Service

MAX_HEAD_BYTES = 64 * 1024
"""Most bytes of a request's line and headers."""

_HEAD_SECONDS = 20.0
"""Longest time from a request's first byte to the end of its headers."""
_IDLE_SECONDS = 75
"""Longest time that a connection waits for its next request: longer than load balancers keep one."""
_GATHERED = 32 * 1024
"""Bytes that are joined at most before they are written."""
_CUT_SECONDS = 1
"""Time that is left to connections once the service's own grace is over."""


class Joined(asyncio.Transport):
    """A transport that joins what is written in one turn of the loop: each write costs a system call."""

    def __init__(self, loop: asyncio.AbstractEventLoop, inner: asyncio.Transport) -> None:
        super().__init__()
        self._loop = loop
        self._inner = inner
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write *data* at the end of this turn, or now where much has gathered."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(bytes(data))
        self._size += len(data)
        if self._size > _GATHERED:
            self._flush()

    def close(self) -> None:
        """Write what has gathered, and close."""
        self._flush()
        self._inner.close()

    def abort(self) -> None:
        """Close at once."""
        self._waiting.clear()
        self._inner.abort()

    def is_closing(self) -> bool:
        """Whether it is closed or about to be."""
        return self._inner.is_closing()

    def pause_reading(self) -> None:
        """Hold the client back."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Let the client go on."""
        self._inner.resume_reading()

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Return what is known of the connection."""
        found: object = self._inner.get_extra_info(name, default)
        return found

    def _flush(self) -> None:
        if self._waiting:
            data = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            self._inner.write(data)


class Connection(HttpToolsProtocol):
    """One client's connection. Uvicorn bounds bodies as they are read; heads are bounded here."""

    _taken = False
    _rests_since: float | None = None
    _in_head = False
    _head_bytes = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if it is not one too many; it may be silent for a while."""
        if self.limit_concurrency and len(self.connections) + 1 >= self.limit_concurrency:
            transport.abort()
            return
        self._taken = True
        self._client = Client()
        super().connection_made(Joined(self.loop, transport))
        # Our log holds no lines of access; without this each is made, and thrown away.
        self.access_log = False
        self._rests_since = self.loop.time()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def data_received(self, data: bytes) -> None:
        """Take in what has come."""
        if not self._taken:
            return
        super().data_received(data)
        if self._in_head:
            self._more_of_head(len(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the connection go."""
        self._head_ends()
        if self._taken:
            if self.timeout_keep_alive_task is not None:
                self.timeout_keep_alive_task.cancel()
            super().connection_lost(exc)
            self._client.leave()

    # Uvicorn sets a timer after each answer and takes it back with the next request. Here a connection
    # has one, which looks when it rings: that is 2 % of a call.

    def _unset_keepalive_if_required(self) -> None:
        self._rests_since = None

    def on_response_complete(self) -> None:
        """Take the next request that waits, or rest."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._rests_since = self.loop.time()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has rested for long enough; else look again."""
        since = self.loop.time() if self._rests_since is None else self._rests_since
        left = since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            super().timeout_keep_alive_handler()
        else:
            self.timeout_keep_alive_task = self.loop.call_later(
                left, self.timeout_keep_alive_handler
            )

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self.scope["state"][CLIENT] = self._client
        self._in_head = True

    def on_headers_complete(self) -> None:
        """Begin the request."""
        self._head_ends()
        super().on_headers_complete()

    def _more_of_head(self, size: int) -> None:
        """Count *size* bytes after which a head still goes on."""
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refused(b"431 Request Header Fields Too Large")
        elif self._head_timer is None:
            late = b"408 Request Timeout"
            self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._refused, late)

    def _head_ends(self) -> None:
        self._in_head = False
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refused(self, status: bytes) -> None:
        self._head_ends()
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status
            )
            self.transport.close()


class _Quiet(Server):
    """A server that leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server_of(service: Service, host: str, port: int) -> Server:
    """Return the server of *service* at *host* and *port*; `serve` runs it until it should exit."""
    # More connections than may run at once: whoever is too many is told so, and does not wait unheard.
    return _Quiet(
        Config(
            app_of(service),
            host=host,
            port=port,
            http=Connection,
            ws="none",
            backlog=1024,
            log_config=None,
            access_log=False,
            limit_concurrency=4 * service.settings.limits.concurrent_requests,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_CUT_SECONDS,
        )
    )
