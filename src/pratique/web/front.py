"""The front: names each request, holds back what is too much, and answers users without detours."""

import re
from collections.abc import Awaitable, Callable
from functools import partial

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import HTTPScope, Message, Receive, Scope, Send

from pratique.web import chat, features, feedback, ofrep
from pratique.web.exchange import (
    CLIENT_REQUEST_ID,
    REQUEST_ID,
    Exchange,
    Gone,
    Reply,
    client_request_id,
    problem_reply,
)
from pratique.web.problems import Problem, problem_of
from pratique.web.service import Service

Handler = Callable[[Service, Exchange], Awaitable[None]]
"""Answers one exchange."""

_WORK = ("/v1/", "/ofrep/")
"""What counts as work; health, metrics and the console answer to the end."""
_CHAT = ("/v1/chat/", "/v1/models")
"""Addresses whose clients read errors of another shape."""
_FLAGS = "/ofrep/v1/evaluate/flags"
"""Likewise."""


class Front:
    """The application: the routes that answer users on bare ASGI, all others by the framework."""

    def __init__(self, service: Service, rest: Litestar) -> None:
        self.service = service
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.rest(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        if not exchange.path.startswith(_WORK):
            await self._handle(scope, receive, send, exchange)
            return
        try:
            self.service.gatekeeper.enter()
        except Problem as problem:
            self.service.telemetry.refused("", "", problem.code)
            await exchange.reply(told(exchange, problem))
            return
        try:
            await self._handle(scope, receive, send, exchange)
        finally:
            self.service.gatekeeper.leave()

    def _handle(
        self, scope: HTTPScope, receive: Receive, send: Send, exchange: Exchange
    ) -> Awaitable[None]:
        handler = handler_of(scope["method"], exchange.path)
        if handler is None:
            return self._others(scope, receive, send, exchange)
        return _answer(handler, self.service, exchange)

    async def _others(
        self, scope: HTTPScope, receive: Receive, send: Send, exchange: Exchange
    ) -> None:
        """Let the framework answer, under the request's name."""
        name = exchange.request_id
        echoed = client_request_id(exchange.headers)
        scope.setdefault("state", {})["request_id"] = name

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(REQUEST_ID.lower().encode(), name.encode())]
                if echoed:
                    extra.append((CLIENT_REQUEST_ID.lower().encode(), echoed.encode()))
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        await self.rest(scope, receive, named)


def handler_of(method: str, path: str) -> Handler | None:
    """Return what answers *method* at *path* on bare ASGI; None where the framework does."""
    for taken, pattern, handler in _ROUTES:
        found = pattern.fullmatch(path)
        if found and method != taken:
            return _other_than(taken)
        if found:
            parts = found.groupdict()
            return partial(handler, **parts) if handler and parts else handler
    return None


_ROUTES: tuple[tuple[str, re.Pattern[str], Callable[..., Awaitable[None]] | None], ...] = (
    ("POST", re.compile(r"/v1/chat/completions"), chat.complete),
    ("POST", re.compile(r"/v1/features/(?P<feature>[A-Za-z0-9_.-]{1,64})"), features.ask),
    ("POST", re.compile(r"/v1/feedback"), feedback.give),
    ("GET", re.compile(r"/v1/models"), chat.models),
    ("GET", re.compile(r"/v1/models/(?P<name>.{1,200})"), chat.model),
    ("GET", re.compile(r"/v1/features/[^/]+/availability"), None),
    ("GET", re.compile(r"/health/(live|ready)|/metrics|/\.well-known/pratique"), None),
    ("POST", re.compile(r"/ofrep/v1/evaluate/flags"), ofrep.every),
    ("POST", re.compile(r"/ofrep/v1/evaluate/flags/(?P<key>.{1,200})"), ofrep.one),
)


def _other_than(taken: str) -> Handler:
    async def refuse(_service: Service, _exchange: Exchange) -> None:
        raise Problem(
            "method_not_allowed",
            "this address does not take that method",
            "`/schema/openapi.json` lists them",
            allow=taken,
        )

    return refuse


def told(exchange: Exchange, problem: Problem) -> Reply:
    """Return *problem* in the shape that the clients of its address read."""
    if exchange.path.startswith(_CHAT):
        return chat.chat_problem(problem, exchange.request_id)
    if exchange.path.startswith(_FLAGS):
        return ofrep.flag_problem(problem, exchange.path.removeprefix(_FLAGS).strip("/"))
    return problem_reply(problem, exchange.request_id)


async def _answer(handler: Handler, service: Service, exchange: Exchange) -> None:
    try:
        await handler(service, exchange)
    except Gone:
        pass  # Nobody is there to be told.
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told without its text)
        problem = problem_of(error)
        if not exchange.admitted:
            service.telemetry.refused(exchange.feature, exchange.locale, problem.code)
        # Where the answer has begun, its missing end says that it is not whole.
        if not exchange.begun:
            await exchange.reply(told(exchange, problem))
