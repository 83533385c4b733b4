"""Scripts: what goes over the socket for one answer, byte by byte, and its performance."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from pratique.partners.standins.connection import Connection
from pratique.partners.standins.scenarios import Scenario
from pratique.partners.standins.wire import LAST_CHUNK, chunk, head

JSON = "application/json"
"""Content type of a plain answer."""

EVENTS = "text/event-stream;charset=UTF-8"
"""Content type of a stream."""


@dataclass(frozen=True, slots=True)
class Script:
    """One answer, ready to be sent."""

    status: int = 200
    """HTTP status."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers by lower-case name, without the length."""
    body: bytes = b""
    """Body of a plain answer."""
    events: tuple[bytes, ...] | None = None
    """Events of a stream, as they are sent; None for a plain answer."""
    end: Literal["close", "cut", "reset", "silent"] = "close"
    """How it ends."""
    chunking: Literal["event", "whole", "byte"] = "event"
    """How it is cut into writes."""

    @property
    def mute(self) -> bool:
        """Whether not even a head is sent: it ends badly before it has begun."""
        return self.end != "close" and not self.body and not self.events


def from_scenario(scenario: Scenario, usual: Mapping[str, str], *, stream: bool) -> Script:
    """Return the script of *scenario*.

    Its events answer a streamed call, and a plain one too where it has no body. *usual* are the
    headers that the dialect always sends; the scenario's own stand before them.
    """
    body = _content(scenario)
    streamed = bool(scenario.events) and (stream or body is None)
    bare = None if body is None else _bare(body)
    kind = EVENTS if streamed else JSON if bare is None else "text/plain; charset=utf-8"
    own = {name.lower(): value for name, value in scenario.headers.items()}
    return Script(
        status=scenario.http,
        headers={"content-type": kind, **usual, **own},
        body=b"" if streamed or body is None else body if bare is None else bare,
        events=tuple(_event(bytes(one)) for one in scenario.events) if streamed else None,
        end=scenario.end,
        chunking=scenario.chunking,
    )


def _content(scenario: Scenario) -> bytes | None:
    content = bytes(scenario.body)
    return None if content in (b"", b"null") else content


def _bare(raw: bytes) -> bytes | None:
    """Return what *raw* stands for if it is a JSON string; None if it is anything else."""
    value = msgspec.json.decode(raw) if raw.lstrip().startswith(b'"') else None
    return value.encode() if isinstance(value, str) else None


def _event(raw: bytes) -> bytes:
    bare = _bare(raw)
    return b"data: %b\n\n" % raw if bare is None else bare


async def perform(script: Script, connection: Connection, pace: float) -> bool:
    """Send *script*, with *pace* seconds between its events; return whether the connection lives.

    Raises:
        asyncio.CancelledError: the client hung up, or the server stops.
    """
    if not script.mute:
        if script.events is None:
            await _send_plain(script, connection)
        else:
            await _send_stream(script, script.events, connection, pace)
    if script.end == "silent":
        await connection.silence()
    elif script.end == "reset":
        await connection.drain()
        connection.reset()
    return script.end == "close"


async def _send_plain(script: Script, connection: Connection) -> None:
    body = script.body if script.end == "close" else script.body[: len(script.body) // 2]
    first = head(script.status, {**script.headers, "content-length": str(len(script.body))})
    if script.chunking != "byte":
        connection.write(first + body)
        return
    connection.write(first)
    for at in range(len(body)):
        await _write_alone(body[at : at + 1], connection)


async def _send_stream(
    script: Script, events: tuple[bytes, ...], connection: Connection, pace: float
) -> None:
    first = head(script.status, {**script.headers, "transfer-encoding": "chunked"})
    last = LAST_CHUNK if script.end == "close" else b""
    if script.chunking == "whole":
        connection.write(first + chunk(b"".join(events)) + last)
        return
    for number, event in enumerate(events):
        if number and pace:
            await asyncio.sleep(pace)
        if script.chunking == "byte":
            connection.write(first)
            for at in range(len(event)):
                await _write_alone(chunk(event[at : at + 1]), connection)
        else:
            connection.write(first + chunk(event))
            await connection.drain()
        first = b""
    connection.write(first + last)


async def _write_alone(data: bytes, connection: Connection) -> None:
    """Send *data* in a packet of its own, as far as the network allows."""
    connection.write(data)
    await connection.drain()
    await asyncio.sleep(0)
