"""The server's side of HTTP/1.1 on bytes alone: requests out of what arrives, heads of answers."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

MAX_HEAD = 64 * 1024
"""Bytes that a request's head, or one line of a chunked body, may hold."""

MAX_BODY = 16 * 1024 * 1024
"""Bytes that a request's body may hold."""

_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) ([!-~]{1,8192}) HTTP/1\.([01])")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")
_PHRASES = {int(status): status.phrase for status in HTTPStatus}
_NUMBER = re.compile(r"[0-9]{1,15}")


class Unreadable(Exception):
    """What arrived is no request that this server takes; *status* is what it is told."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One request, as it arrived."""

    method: str
    """Such as `POST`."""
    path: str
    """The path without its query."""
    query: str
    """What stands after `?`; empty where there is nothing."""
    headers: Mapping[str, str]
    """Headers by lower-case name; of several of one name the last."""
    raw: bytes
    """The body."""
    body: object
    """The body read as JSON; None where it is no JSON."""
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the client closes the connection before the answer ended."""

    @property
    def last(self) -> bool:
        """Whether the client wants the connection closed after the answer."""
        return "close" in self.headers.get("connection", "").lower()


class _Coming:
    """A request of which the head is here and the body still comes."""

    def __init__(self, method: str, target: str, headers: Mapping[str, str]) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = bytearray()
        self.left: int | None = None
        """Bytes still to come of the body or of its chunk; None before a chunk's size."""
        self.trailer = False
        self.chunked = "transfer-encoding" in headers
        self.continues = headers.get("expect", "").lower() == "100-continue"
        if not self.chunked:
            self.left = _length(headers.get("content-length", "0"))
        elif headers["transfer-encoding"].lower() != "chunked":
            raise Unreadable(501)

    def seen(self) -> Seen:
        """Return the whole request."""
        path, _, query = self.target.partition("?")
        raw = bytes(self.body)
        return Seen(self.method, path, query, self.headers, raw, _decoded(raw))


class RequestReader:
    """Takes bytes as they come and gives requests as they are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._coming: _Coming | None = None

    @property
    def held(self) -> int:
        """Bytes that have come and are not part of a request yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take *data*."""
        self._buffer += data

    def next(self) -> Seen | None:
        """Return the next request; None while it is incomplete.

        Raises:
            Unreadable: what came is no request, or too large.
        """
        if self._coming is None:
            self._coming = self._head()
        coming = self._coming
        if coming is None or not (self._chunks(coming) if coming.chunked else self._take(coming)):
            return None
        self._coming = None
        return coming.seen()

    def asks_to_go_on(self) -> bool:
        """Whether the client waits for `100 Continue`; true once a request."""
        coming = self._coming
        if coming is None or not coming.continues:
            return False
        coming.continues = False
        return True

    def _head(self) -> _Coming | None:
        while self._buffer.startswith(b"\r\n"):
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n")
        if end > MAX_HEAD or (end < 0 and len(self._buffer) > MAX_HEAD):
            raise Unreadable(431)
        if end < 0:
            return None
        first, *lines = bytes(self._buffer[:end]).split(b"\r\n")
        del self._buffer[: end + 4]
        request = _REQUEST_LINE.fullmatch(first)
        if request is None:
            raise Unreadable(400)
        if request[3] == b"0":
            raise Unreadable(505)
        return _Coming(request[1].decode(), request[2].decode(), _headers(lines))

    def _take(self, coming: _Coming) -> bool:
        """Move what has come of the body or chunk; return whether all of it is here."""
        assert coming.left is not None  # noqa: S101  (known whenever bytes are taken)
        part = self._buffer[: coming.left]
        if len(coming.body) + len(part) > MAX_BODY:
            raise Unreadable(413)
        del self._buffer[: len(part)]
        coming.body += part
        coming.left -= len(part)
        return coming.left == 0

    def _chunks(self, coming: _Coming) -> bool:
        while True:
            if coming.left is not None:
                if not self._take(coming) or len(self._buffer) < 2:
                    return False
                if self._line() != b"":
                    raise Unreadable(400)
                coming.left = None
            line = self._line()
            if line is None:
                return False
            if coming.trailer:
                if line == b"":
                    return True
                continue
            coming.left = _size(line)
            if coming.left == 0:
                coming.trailer, coming.left = True, None

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n")
        if end > MAX_HEAD or (end < 0 and len(self._buffer) > MAX_HEAD):
            raise Unreadable(431)
        if end < 0:
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise Unreadable(400)
        headers[name.lower()] = value.strip()
    return headers


def _length(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(400)
    if int(text) > MAX_BODY:
        raise Unreadable(413)
    return int(text)


def _size(line: bytes) -> int:
    found = _SIZE.fullmatch(line)
    if found is None:
        raise Unreadable(400)
    size = int(found[1], 16)
    if size > MAX_BODY:
        raise Unreadable(413)
    return size


def _decoded(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw) if raw else None
    except (msgspec.DecodeError, RecursionError):
        return None


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Return the head of an answer."""
    lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunk(data: bytes) -> bytes:
    """Return *data* as one chunk of a chunked body; nothing for nothing, since that would end it."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


LAST_CHUNK = b"0\r\n\r\n"
"""What ends a chunked body."""
