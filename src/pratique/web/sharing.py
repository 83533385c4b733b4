"""Answering while the client is there, and the same request only once at a time."""

from collections.abc import Callable, Coroutine

from pratique.web.access import TOKEN_HEADER
from pratique.web.exchange import Exchange, Reply
from pratique.web.flights import HEADER, MOST_CHARACTERS, Key
from pratique.web.problems import Problem
from pratique.web.service import Service

_HEADER = HEADER.lower()


async def answered_once(
    service: Service,
    exchange: Exchange,
    body: bytes,
    make: Callable[[], Coroutine[object, object, Reply]],
) -> None:
    """Send the answer that *make* gives, or shares with the same request that is running.

    Raises:
        Problem: *make* raised it, or the key belongs to another running request.
        Gone: the client went away, and the work was given up.
    """
    key = _key(exchange)
    work = make() if key is None else service.flights.share(key, body, make)
    await exchange.reply(await exchange.while_there(work))


async def streamed_once(
    service: Service,
    exchange: Exchange,
    body: bytes,
    make: Callable[[], Coroutine[object, object, None]],
) -> None:
    """Let *make* send a stream; a second one with its key is refused meanwhile.

    Raises:
        Problem: *make* raised it, or a request with this key is running.
        Gone: the client went away, and the upstream was closed.
    """
    key = _key(exchange)
    free = service.flights.occupy(key, body) if key else None
    try:
        await exchange.while_there(make())
    finally:
        if free:
            free()


def _key(exchange: Exchange) -> Key | None:
    """Return whose request it is and its name, if it has one: nobody shares another's answer."""
    headers = exchange.headers
    name = headers.get(_HEADER)
    if name is None:
        return None
    if not 1 <= len(name) <= MOST_CHARACTERS:
        raise Problem(
            "invalid_request",
            f"`{HEADER}` is empty or longer than {MOST_CHARACTERS} characters",
            "send a random one",
        )
    whose = (headers.get("authorization", ""), headers.get(TOKEN_HEADER.lower(), ""))
    return (*whose, exchange.path, name)
