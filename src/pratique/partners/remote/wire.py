"""The wire: HTTP to one address, bounded, with nothing followed and nothing logged."""

import asyncio
import base64
import math
import socket
import ssl
from collections.abc import Mapping
from types import TracebackType
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohappyeyeballs

from pratique.partners.remote.connection import Connection, Cut
from pratique.privacy import Sensitive

__all__ = ["MAX_BODY", "Answer", "Cut", "TooLong", "Wire"]

MAX_BODY = 8 * 1024 * 1024
"""Most bytes of an answer in one piece."""

_CONNECT = 5.0
"""Seconds to make a connection."""
_IDLE = 20.0
"""Seconds that a silent connection is kept: fewer than load balancers do, so that a dead one is
rarely tried."""
_TOGETHER = 8
"""Requests that wait for each other to be written, at most: with more the first would wait too long."""
_LOOK = 0.02
"""Seconds between two looks for answers that have not come in time."""
_NEXT_ADDRESS = 0.25
"""Seconds after which the next address of a host is tried beside the first (RFC 8305, section 5)."""
_ALWAYS = "User-Agent: pratique\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"


class TooLong(Exception):
    """The answer is longer than `MAX_BODY`."""


class Answer:
    """The head of an answer, and what its body is read from. Leave it to give the connection back."""

    __slots__ = ("_connection", "_wire", "status")

    def __init__(self, wire: "Wire", connection: Connection) -> None:
        self._wire = wire
        self._connection = connection
        self.status = connection.status
        """HTTP status."""

    def field(self, name: str) -> str | None:
        """Return the header field *name*, whatever its case; None where it is not."""
        return self._connection.fields.get(name.lower())

    @property
    def ended(self) -> bool:
        """Whether all of the body has come."""
        return self._connection.ended

    async def chunk(self) -> bytes:
        """Return what has come of the body, as soon as anything has; nothing at its end.

        Raises:
            Cut: the network failed.
        """
        return await self._connection.chunk()

    async def rest(self) -> bytes:
        """Return all of the body that is still to come.

        Raises:
            Cut, TooLong: it did not come.
        """
        chunks, size = [], 0
        while chunk := await self._connection.chunk():
            size += len(chunk)
            chunks.append(chunk)
            if size > MAX_BODY:
                raise TooLong(f"an answer of more than {MAX_BODY} bytes")
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def release(self) -> None:
        """Give the connection back if the answer was read to its end; else close it."""
        self._wire.take_back(self._connection)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    async def __aenter__(self) -> "Answer":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class Wire:
    """HTTP to one partner's region. Connections are opened when first needed, and kept."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url.rstrip("/"))
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._authority = parts.netloc.rpartition("@")[2].encode("idna").decode()
        self._path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
        self._proxy = _proxy(base_url)
        self._tls: ssl.SSLContext | None = None
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._posted: list[tuple[Connection, bytes]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._patrol: asyncio.TimerHandle | None = None
        self._written: tuple[tuple[str, str, Mapping[str, str]], Sensitive[bytes]] | None = None

    async def opened(
        self,
        path: str,
        headers: Mapping[str, str],
        body: Sensitive[bytes],
        seconds: float = math.inf,
    ) -> Answer:
        """Send *body* to *path* and return the head of the answer, with what its body is read from.

        After *seconds* each wait for it, or for its body, ends.

        Raises:
            Cut: the network failed.
            TimeoutError: it did not come in time.
        """
        data, head = body.reveal(), self._head("POST", path, headers)
        request = b"%bContent-Length: %d\r\n\r\n%b" % (head, len(data), data)
        return await self._answer(request, seconds)

    async def asked(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Ask for what is at *path* and return the head of the answer, as `opened`.

        Raises:
            Cut: the network failed.
        """
        return await self._answer(self._head("GET", path, headers) + b"\r\n")

    async def close(self) -> None:
        """Close every connection."""
        for timer in (self._sweep, self._patrol):
            if timer is not None:
                timer.cancel()
        self._sweep = self._patrol = None
        for one in (*self._idle, *self._busy):
            one.close()
        self._idle.clear()
        self._busy.clear()

    def take_back(self, connection: Connection) -> None:
        """Keep *connection* for the next request, if its answer was read to the end; else close it."""
        self._busy.discard(connection)
        connection.until = math.inf
        if not connection.kept or self._loop is None:
            connection.close()
            return
        connection.idle_since = self._loop.time()
        self._idle.append(connection)
        if self._sweep is None:
            self._sweep = self._loop.call_later(_IDLE, self._swept)

    def _head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        """Return the head of a request but for its length and its last line; mostly the last one.

        Raises:
            ValueError: a line break stands in a header field.
        """
        if self._written is not None and self._written[0] == (method, path, headers):
            return self._written[1].reveal()
        fields = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if not fields.count("\r") == fields.count("\n") == len(headers):
            raise ValueError("a header field holds a line break")
        host = "" if "host" in headers or "Host" in headers else f"Host: {self._authority}\r\n"
        line = f"{method} {self._path}{path} HTTP/1.1\r\n"
        head = f"{line}{host}{_ALWAYS}{fields}".encode("latin-1")
        # The key stands in it, so it is kept in the type that cannot print.
        self._written = (method, path, dict(headers)), Sensitive(head)
        return head

    async def _answer(self, request: bytes, seconds: float = math.inf) -> Answer:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        connection = self._free(loop) or await self._connected(seconds)
        self._busy.add(connection)
        connection.until = until
        if self._patrol is None and seconds < math.inf:
            self._patrol = loop.call_later(_LOOK, self._patrolled, loop)
        try:
            connection.begin()
            self._post(loop, connection, request)
            await connection.head()
        except BaseException:
            self._busy.discard(connection)
            connection.close()
            raise
        return Answer(self, connection)

    def _post(
        self, loop: asyncio.AbstractEventLoop, connection: Connection, request: bytes
    ) -> None:
        """Write *request* with others of this turn of the loop.

        To wake the other side costs more than to write, and whoever was woken by one request is
        mostly awake for those that follow at once.
        """
        if not self._posted:
            loop.call_soon(self._written_out)
        self._posted.append((connection, request))
        if len(self._posted) >= _TOGETHER:
            self._written_out()

    def _written_out(self) -> None:
        posted, self._posted = self._posted, []
        for connection, request in posted:
            connection.write(request)

    def _patrolled(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what has not come in time: one timer for all, for most comes long before."""
        now = loop.time()
        for one in self._busy:
            if one.until <= now:
                one.late()
        self._patrol = loop.call_later(_LOOK, self._patrolled, loop) if self._busy else None

    def _free(self, loop: asyncio.AbstractEventLoop) -> Connection | None:
        """Return a kept connection that seems alive: the last used, for it is the likeliest to be."""
        if loop is not self._loop:
            # What an ended loop has left is of no use to another.
            self._loop, self._sweep, self._patrol = loop, None, None
            self._idle.clear()
            self._posted.clear()
        fresh = loop.time() - _IDLE
        while self._idle:
            found = self._idle.pop()
            if found.alive and found.idle_since > fresh:
                return found
            found.close()
        return None

    def _swept(self) -> None:
        """Close what has been silent for too long."""
        self._sweep = None
        if self._loop is None:
            return
        fresh = self._loop.time() - _IDLE
        kept = [one for one in self._idle if one.alive and one.idle_since > fresh]
        for one in set(self._idle).difference(kept):
            one.close()
        self._idle = kept
        if kept:
            self._sweep = self._loop.call_later(_IDLE, self._swept)

    async def _connected(self, seconds: float) -> Connection:
        """Open a connection within *seconds*.

        Raises:
            Cut: there is none.
        """
        try:
            async with asyncio.timeout(min(_CONNECT, seconds)):
                if self._proxy:
                    return await self._through(self._proxy)
                return await self._direct(self._host, self._port, secure=self._secure)
        except TimeoutError:
            if seconds <= _CONNECT:
                raise
            raise Cut("connect_timeout") from None
        except OSError as error:  # ssl.SSLError is one
            raise Cut(_failure_of(error)) from None

    async def _direct(self, host: str, port: int, *, secure: bool) -> Connection:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        taken = await aiohappyeyeballs.start_connection(
            found, happy_eyeballs_delay=_NEXT_ADDRESS, interleave=1
        )
        try:
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _, connection = await loop.create_connection(
                lambda: Connection(loop),
                sock=taken,
                ssl=self._context() if secure else None,
                server_hostname=host if secure else None,
            )
        except BaseException:
            taken.close()
            raise
        return connection

    async def _through(self, proxy: str) -> Connection:
        """Open a connection through *proxy*, which sees the name of the host and nothing else."""
        parts = urlsplit(proxy)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        outer = await self._direct(parts.hostname or "", port, secure=secure)
        place = f"{self._host}:{self._port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if parts.username:
            named = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(named).decode()}")
        try:
            outer.send("\r\n".join((*lines, "", "")).encode("latin-1"))
            await outer.head()
            if outer.status != 200 or outer.transport is None:
                raise Cut("proxy_refused")
            loop = asyncio.get_running_loop()
            inner = Connection(loop)
            transport = await loop.start_tls(
                outer.transport, inner, self._context(), server_hostname=self._host
            )
        except BaseException:
            outer.close()
            raise
        if transport is None:
            raise Cut("disconnected")
        inner.connection_made(transport)
        return inner

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls


def _failure_of(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return "no_tls"
    return "unknown_host" if isinstance(error, socket.gaierror) else "no_connection"


def _proxy(base_url: str) -> str | None:
    """Return the proxy that the environment names for *base_url*; a server of one's own has none."""
    parts = urlsplit(base_url)
    if parts.scheme != "https" or proxy_bypass(parts.hostname or ""):
        return None
    found = getproxies().get("https")
    return found if found is None or "://" in found else f"http://{found}"
