"""A client of stand-ins that shows every byte: no library between the test and the socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import msgspec

from pratique.partners.catalogue import ModelEntry
from pratique.partners.dialect import Capabilities
from pratique.partners.standins.scenarios import Expected, Scenario
from pratique.partners.standins.server import Seen, StandIn

HELLO = {"model": "m", "messages": [{"role": "user", "content": "hello there"}]}
"""The simplest request."""

PIECES = [{"n": 1}, ": keep-alive\n\n", {"n": "二"}, "data: [DONE]\n\n"]
"""Events of a scenario."""

SENT = ['data: {"n":1}\n\n', ": keep-alive\n\n", 'data: {"n":"二"}\n\n', "data: [DONE]\n\n"]
"""The same events as they are sent."""

PATIENCE = 20.0
"""Longest time to wait for what must happen at once, in seconds."""


def fresh(dialect: str = "vllm") -> StandIn:
    """Return a stand-in that knows every model."""
    return StandIn(dialect, models=())


def model(name: str, **capabilities: object) -> ModelEntry:
    """Return a model called *name*."""
    can = msgspec.convert(capabilities, Capabilities)
    return ModelEntry(id=name, about="for a test", weights="unmodified_api", capabilities=can)


def scenario(**more: object) -> Scenario:
    """Return a scenario in the shape of the files, with *more* of its fields."""
    line = {
        "id": "one",
        "about": "for a test",
        "certainty": "inferred",
        "mode": "both",
        "expect": {"cause": "ok", "status": "ok", "retry": "never"},
        **more,
    }
    body, events = line.pop("body", None), line.pop("events", ())
    assert isinstance(events, list | tuple)
    expect = msgspec.convert(line.pop("expect"), Expected)
    return Scenario(
        **line,  # type: ignore[arg-type]
        expect=expect,
        body=msgspec.Raw(b"" if body is None else msgspec.json.encode(body)),
        events=tuple(msgspec.Raw(msgspec.json.encode(one)) for one in events),
    )


@dataclass(frozen=True)
class Heard:
    """What a stand-in answered."""

    status: int
    """HTTP status."""
    headers: Mapping[str, str]
    """Headers by lower-case name."""
    body: bytes
    """The body, out of its chunks."""
    chunks: list[bytes] = field(default_factory=list)
    """The chunks, if it came in chunks."""
    whole: bool = True
    """Whether it ended as its head promised."""

    @property
    def data(self) -> dict[str, object]:
        """The body as JSON."""
        return msgspec.json.decode(self.body, type=dict[str, object])

    @property
    def events(self) -> list[dict[str, object]]:
        """The events of a stream that carry JSON."""
        lines = [line for line in self.body.decode().splitlines() if line.startswith("data:")]
        texts = [line.removeprefix("data:").strip() for line in lines]
        return [msgspec.json.decode(one) for one in texts if one != "[DONE]"]


class Client:
    """One connection to a stand-in."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, data: bytes) -> None:
        """Send *data* as it is."""
        self._writer.write(data)

    def post(self, stand_in: StandIn, body: object, path: str = "", **headers: str) -> None:
        """Send a request with *body* as JSON, or as it is if it is bytes."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        self.request(stand_in, "POST", path or "/chat/completions", raw, **headers)

    def request(
        self, stand_in: StandIn, method: str, path: str, raw: bytes = b"", **headers: str
    ) -> None:
        """Send a request; a *path* that begins with `//` is taken from the root."""
        base = stand_in.base_url.removeprefix(stand_in.root_url)
        target = path[1:] if path.startswith("//") else base + path
        usual = {"authorization": f"Bearer {stand_in.key}", "content-length": str(len(raw))}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}\r\n" for name, value in {**usual, **more}.items()]
        self.send(f"{method} {target} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + raw)

    async def head(self) -> tuple[int, dict[str, str]]:
        """Return status and headers of the next answer."""
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines if line)
        return int(first.split()[1]), headers

    async def hear(self) -> Heard:
        """Return the next answer."""
        status, headers = await self.head()
        if "content-length" in headers:
            length = int(headers["content-length"])
            with contextlib.suppress(asyncio.IncompleteReadError):
                return Heard(status, headers, await self._reader.readexactly(length))
            return Heard(status, headers, b"", whole=False)
        chunks = []
        with contextlib.suppress(asyncio.IncompleteReadError):
            while chunk := await self.chunk():
                chunks.append(chunk)
            return Heard(status, headers, b"".join(chunks), chunks)
        return Heard(status, headers, b"".join(chunks), chunks, whole=False)

    async def chunk(self) -> bytes:
        """Return the next chunk; empty for the last."""
        size = int(await self._reader.readuntil(b"\r\n"), 16)
        return (await self._reader.readexactly(size + 2))[:-2]

    async def rest(self) -> bytes:
        """Return everything until the stand-in closes."""
        return await self._reader.read()

    def hang_up(self) -> None:
        """Close the connection at once."""
        self._writer.transport.abort()


@contextlib.asynccontextmanager
async def connected(stand_in: StandIn) -> AsyncIterator[Client]:
    """Open a connection to *stand_in*, and close it after."""
    port = int(stand_in.root_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def ask(stand_in: StandIn, body: object, path: str = "", **headers: str) -> Heard:
    """Make one request and return what came back."""
    async with connected(stand_in) as client:
        client.post(stand_in, body, path, **headers)
        return await client.hear()


async def until_seen(stand_in: StandIn) -> Seen:
    """Wait for the first request and return it."""
    async with asyncio.timeout(PATIENCE):
        while not stand_in.seen:
            await asyncio.sleep(0)
    return stand_in.seen[0]
