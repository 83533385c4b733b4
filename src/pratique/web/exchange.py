"""One request and its answer on bare ASGI: what the routes that answer users are made of."""

import asyncio
import re
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import aclosing
from typing import TypeVar

import msgspec
from litestar.types import HTTPResponseStartEvent, HTTPScope, Receive, Send

from pratique.web.problems import MEDIA_TYPE, SHAPES, STATUS, Problem, new_request_id

T = TypeVar("T")

MAX_BODY_BYTES = 12 * 1024 * 1024
"""A larger body is refused while it is read."""

REQUEST_ID = "X-Request-Id"
"""Header of every answer: our name for the request."""

_REQUEST_ID = REQUEST_ID.lower().encode()

CLIENT_REQUEST_ID = "X-Client-Request-Id"
"""Header that is given back as it came, and kept nowhere: the client's own name for the request."""

JSON = "application/json"
EVENTS = "text/event-stream"

CLIENT = "pratique.client"
"""Name in a scope's state under which our server puts the `Client`; of others it is not known."""

_CLIENT_ID = re.compile(r"[!-~]{1,128}")
_PLACE = re.compile(r"at `(\$[^`]*)`")
_SAID = re.compile(r"Object missing required field `(\w+)`|Expected `([\w| ]+)`, got `")
"""What of the decoder's words may be repeated: names and types of ours, never what was sent."""


class Gone(Exception):
    """The client went away: nobody reads an answer."""


class Client:
    """Whoever is at the other end, as the server that holds the connection sees it."""

    __slots__ = ("left", "task")

    def __init__(self) -> None:
        self.left = False
        """Whether it went away."""
        self.task: asyncio.Task[object] | None = None
        """What works for it now, to be cancelled when it goes."""

    def serve(self, task: "asyncio.Task[object]") -> None:
        """Let *task* work for it.

        Raises:
            Gone: it has gone already.
        """
        if self.left:
            raise Gone
        self.task = task

    def leave(self) -> None:
        """Take note that it has gone: what works for it ends."""
        self.left = True
        if self.task is not None:
            self.task.cancel()


class Reply(msgspec.Struct, frozen=True):
    """A whole answer."""

    status: int
    """HTTP status."""
    body: bytes
    """The body."""
    media_type: str = JSON
    """What the body is."""
    headers: Mapping[str, str] = {}
    """Further headers."""
    request_id: str = ""
    """Our name for the request that it answers; of the first one where several share an answer."""


class Exchange:
    """One request, its name, and the way to answer it."""

    __slots__ = (
        "_begun",
        "_name",
        "_receive",
        "_send",
        "admitted",
        "feature",
        "headers",
        "locale",
        "path",
        "scope",
        "size",
    )

    def __init__(
        self, scope: HTTPScope, receive: Receive, send: Send, request_id: str = ""
    ) -> None:
        self.scope = scope
        self.headers: Mapping[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        """By name in small letters; of a name that stands twice the last."""
        self.path = scope["path"]
        self.feature = ""
        """Feature that is asked, once it is known to be one of ours."""
        self.locale = ""
        """Likewise the locale."""
        self.size = 0
        """Bytes of the body, once it is read."""
        self.admitted = False
        """Whether it was let through: what becomes of it then is told as an answer."""
        self._name = request_id
        self._receive = receive
        self._send = send
        self._begun = False

    @property
    def request_id(self) -> str:
        """Our name for the request, made when it is first asked for: an answer has one of its own."""
        if not self._name:
            self._name = new_request_id()
        return self._name

    @request_id.setter
    def request_id(self, name: str) -> None:
        self._name = name

    @property
    def begun(self) -> bool:
        """Whether anything of the answer was sent."""
        return self._begun

    async def body(self) -> bytes:
        """Return the body.

        Raises:
            Problem: it is larger than what we take, or not JSON by its own account.
            Gone: the client went away in the midst of it.
        """
        kind = self.headers.get("content-type", JSON)
        if kind != JSON and kind.partition(";")[0].strip().casefold() != JSON:
            raise Problem(
                "unsupported_media_type",
                "the body is not JSON by its header",
                f"send `Content-Type: {JSON}`",
            )
        parts: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                raise Gone
            part = message.get("body", b"")
            self.size += len(part)
            if self.size > MAX_BODY_BYTES:
                raise Problem(
                    "request_too_large",
                    "the body is larger than 12 MiB",
                    "send less text or a smaller picture",
                )
            parts.append(part)
            if not message.get("more_body", False):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    async def while_there(self, work: Coroutine[object, object, T]) -> T:
        """Return what *work* comes to; it is cancelled when the client goes away.

        Raises:
            Gone: the client went away.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("an exchange is answered inside a task")
        client: Client = self.scope.get("state", {}).get(CLIENT) or Client()
        try:
            client.serve(task)
            return await work
        except asyncio.CancelledError:
            if client.left and not task.uncancel():
                raise Gone from None
            raise
        finally:
            client.task = None
            work.close()

    async def reply(self, reply: Reply) -> None:
        """Send a whole answer."""
        headers = [_header(name, text) for name, text in reply.headers.items()]
        if reply.status != 304:
            length = str(len(reply.body)).encode()
            headers += (b"content-type", reply.media_type.encode()), (b"content-length", length)
        await self._send(self._head(reply.status, headers, reply.request_id))
        await self._send({"type": "http.response.body", "body": reply.body, "more_body": False})

    async def events(self, first: bytes, rest: AsyncGenerator[bytes, None]) -> None:
        """Send server-sent events, in one write what came at once, after the one before has gone."""
        headers = [(b"content-type", EVENTS.encode()), (b"x-accel-buffering", b"no")]
        await self._send(self._head(200, headers, ""))
        await self._piece(first)
        async with aclosing(rest) as events:
            async for event in events:
                await self._piece(event)
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _piece(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    def _head(
        self, status: int, headers: list[tuple[bytes, bytes]], request_id: str
    ) -> HTTPResponseStartEvent:
        """Begin the answer."""
        self._begun = True
        headers.append((_REQUEST_ID, (request_id or self.request_id).encode()))
        headers.append((b"cache-control", b"no-store"))
        echoed = client_request_id(self.headers)
        if echoed:
            headers.append(_header(CLIENT_REQUEST_ID, echoed))
        return {"type": "http.response.start", "status": status, "headers": headers}


def _header(name: str, text: str) -> tuple[bytes, bytes]:
    return name.lower().encode(), text.encode()


def client_request_id(headers: Mapping[str, str]) -> str:
    """Return the client's own name for the request, if it is one that may be given back."""
    found = headers.get("x-client-request-id", "")
    return found if _CLIENT_ID.fullmatch(found) else ""


def problem_reply(problem: Problem, request_id: str) -> Reply:
    """Return *problem* as a whole answer."""
    return Reply(
        STATUS[problem.code],
        msgspec.json.encode(problem.document(request_id)),
        MEDIA_TYPE,
        problem.headers(),
        request_id,
    )


def misshapen(error: msgspec.DecodeError) -> Problem:
    """Return the problem that says what of a body is wrong, without repeating what stood there."""
    if not isinstance(error, msgspec.ValidationError):
        return Problem("invalid_request", "the body is not JSON in UTF-8", SHAPES)
    found, said = _PLACE.search(str(error)), _SAID.match(str(error))
    place = f"`{found[1]}`" if found else "its top"
    if said is None:
        what = ": it holds a field that is not known" if "unknown field" in str(error) else ""
    else:
        what = f": `{said[1]}` is missing" if said[1] else f": it takes `{said[2]}`"
    return Problem(
        "invalid_request", f"the body is not of the documented shape, at {place}{what}", SHAPES
    )
