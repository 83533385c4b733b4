"""Inventory: the models that a partner's own server lists now."""

import asyncio
import re

import msgspec

from pratique.errors import Unavailable
from pratique.partners.remote.place import Place
from pratique.partners.remote.wire import Cut, TooLong

MOST = 5000
"""Most models that a list may hold; a longer one is refused."""

_SECONDS = 20.0
"""Longest time that a list may take."""

_NAME = re.compile(r"[\w.:/@+-]{1,128}", re.ASCII)
"""What a model may be called; other names are not repeated anywhere."""


class _Listed(msgspec.Struct, frozen=True):
    id: str


class _List(msgspec.Struct, frozen=True):
    data: list[_Listed]


async def listed_at(place: Place) -> frozenset[str]:
    """Return the names that the partner at *place* lists, as its wire calls them.

    Raises:
        Unavailable: there is no list, or none that can be read; it then says nothing of any model.
    """
    name = place.partner.id
    try:
        async with asyncio.timeout(_SECONDS):
            async with await place.wire.asked(
                "/models", place.headers(place.key.header())
            ) as answer:
                status, data = answer.status, await answer.rest()
    except (Cut, TooLong, TimeoutError) as error:
        raise _none(name, type(error).__name__) from None
    return names_in(name, status, data)


def names_in(partner: str, status: int, data: bytes) -> frozenset[str]:
    """Return the names in *partner*'s answer; what no model is called is left out.

    Raises:
        Unavailable: it is no list that can be read.
    """
    if status != 200:
        raise _none(partner, f"HTTP status {status}")
    try:
        names = [one.id for one in msgspec.json.decode(data, type=_List).data]
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _none(partner, "it is no list of models") from None
    if len(names) > MOST:
        raise _none(partner, f"more than {MOST} models")
    return frozenset(one for one in names if _NAME.fullmatch(one))


def _none(partner: str, why: str) -> Unavailable:
    return Unavailable(
        f"`{partner}` gave no list of its models: {why}",
        hint="nothing follows from that; read the partner's own page of models",
    )
