"""A load for measuring servers on this machine: raw connections that ask again and again.

    python -m bench.load --port 8321 --request FILE --connections 8 --seconds 5

FILE holds one whole HTTP request, headers and all. Each connection sends it, waits for the whole
answer and sends it again. Prints one JSON line (`Figures`). A stream is timed at its pieces: each
`"content":"…"` that is not empty is one.
"""

import argparse
import asyncio
import re
import sys
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import cast

import msgspec

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PIECE = re.compile(rb'"content":"[^"]|"text":"[^"]')
_END = b"\r\n0\r\n\r\n"
_WHOLE = (b'"finish_reason":"stop"', b'"status":"ok"', b'"content":"')


class Spread(msgspec.Struct, frozen=True):
    """Milliseconds over many answers."""

    p50: float
    """Half of them took no longer."""
    p99: float
    """Nearly all took no longer."""
    most: float
    """The longest."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a load saw."""

    answered: int
    """Answers that were whole and right."""
    failed: int
    """Answers of another kind, and connections that broke."""
    failure: str
    """The beginning of the first of these."""
    seconds: float
    """How long it took."""
    total: Spread | None
    """Time from the request to the end of its answer."""
    first: Spread | None
    """Time to the first piece of a stream."""
    gap: Spread | None
    """Worst gap between two pieces of a stream."""
    every_gap: Spread | None
    """Every gap between two pieces."""


class Load:
    """What all connections of one load share."""

    def __init__(self, request: bytes, until: float, each: int, pause: float = 0.0) -> None:
        """Send *request* until then, *each* connection so often; *pause* seconds after each read."""
        self.request = request
        self.until = until
        self.each = each
        self.pause = pause
        self.failed = 0
        self.failure = ""
        self.totals: list[float] = []
        self.firsts: list[float] = []
        self.worst: list[float] = []
        self.gaps: list[float] = []


class Asking(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, done: "asyncio.Future[None]") -> None:
        self._load = load
        self._done = done
        self._asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        if time.perf_counter() >= self._load.until or self._asked >= self._load.each:
            self._transport.close()
            return
        self._asked += 1
        self._held = b""
        self._need = 0
        self._chunked = False
        self._pieces = 0
        self._worst = 0.0
        self._started = self._last = time.perf_counter()
        self._transport.write(self._load.request)

    def data_received(self, data: bytes) -> None:
        """Take what came; when the answer is whole, ask again."""
        if self._load.pause:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(self._load.pause, self._read_on)
        self._held = self._held + data if self._held else data
        if not (self._need or self._chunked):
            head = self._held.find(b"\r\n\r\n")
            if head < 0:
                return
            length = _LENGTH.search(self._held, 0, head + 2)
            self._chunked = length is None
            self._need = head + 4 + int(length[1]) if length else 0
        if self._chunked:
            self._pieces_in(data)
            if not self._held.endswith(_END):
                return
        elif len(self._held) < self._need:
            return
        self._whole()

    def _read_on(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _pieces_in(self, data: bytes) -> None:
        """Time the pieces in *data*. One that is cut by the network counts with its other half."""
        found = len(_PIECE.findall(data))
        if not found:
            return
        now = time.perf_counter()
        if not self._pieces:
            self._load.firsts.append(now - self._started)
        else:
            self._load.gaps.append(now - self._last)
            self._worst = max(self._worst, now - self._last)
        self._pieces += found
        self._last = now

    def _whole(self) -> None:
        load, held = self._load, self._held
        if held.startswith(b"HTTP/1.1 200") and any(one in held for one in _WHOLE):
            load.totals.append(time.perf_counter() - self._started)
            if self._pieces > 1:
                load.worst.append(self._worst)
        else:
            self._fail(held[-600:].decode("utf-8", "replace"))
        self._ask()

    def _fail(self, why: str) -> None:
        self._load.failed += 1
        self._load.failure = self._load.failure or why

    def connection_lost(self, error: Exception | None) -> None:
        """End; a connection that breaks before its answer is whole is a failure."""
        if error is not None or not self._transport.is_closing():
            self._fail(f"the connection broke: {error!r}")
        if not self._done.done():
            self._done.set_result(None)


def spread(seconds: list[float]) -> Spread | None:
    """Return the spread of *seconds*, in milliseconds; None where there are none."""
    if not seconds:
        return None
    held = sorted(seconds)

    def at(share: float) -> float:
        return round(1e3 * held[min(len(held) - 1, int(share * len(held)))], 3)

    return Spread(at(0.5), at(0.99), at(1.0))


async def load(
    port: int,
    request: bytes,
    connections: int,
    seconds: float,
    each: int = sys.maxsize,
    pause: float = 0.0,
) -> Figures:
    """Ask for *seconds*, *each* connection so often at most, and return what was seen."""
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    shared = Load(request, started + seconds, each, pause)
    ends = []
    for _ in range(connections):
        done = loop.create_future()
        await loop.create_connection(partial(Asking, shared, done), "127.0.0.1", port)
        ends.append(done)
    await asyncio.gather(*ends)
    return Figures(
        answered=len(shared.totals),
        failed=shared.failed,
        failure=shared.failure,
        seconds=time.perf_counter() - started,
        total=spread(shared.totals),
        first=spread(shared.firsts),
        gap=spread(shared.worst),
        every_gap=spread(shared.gaps),
    )


def main() -> int:
    """Load, print and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--request", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--each", type=int, default=sys.maxsize)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds after each read")
    given = parser.parse_args()
    found = import_module("uvloop").run(
        load(
            given.port,
            given.request.read_bytes(),
            given.connections,
            given.seconds,
            given.each,
            given.pause,
        )
    )
    print(msgspec.json.encode(found).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
