"""An upstream for measuring clients: prebuilt answers of the OpenAI-style wire, over loopback.

    python -m bench.upstream
    python -m bench.upstream --first 0.05 --gap 0.01    # a stream that takes its time

Prints its port, and answers until it is ended. A burst is a stream of 24 events in one write: the
beginning, 20 pieces of text, the reason to stop, the usage and the last word. With a gap each piece
is a write of its own.
"""

import argparse
import asyncio
import re
from importlib import import_module
from typing import cast

import msgspec

PIECES = tuple(f"word{n} " for n in range(20))
"""What a burst adds to the answer, piece by piece."""
TEXT = "".join(PIECES)
"""The answer, in one piece or in twenty."""

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_USAGE = {"prompt_tokens": 24, "completion_tokens": 20, "total_tokens": 44}


def _whole(object_: str, choices: list[object], usage: object) -> bytes:
    about = {"id": "chat-1", "object": object_, "created": 1_700_000_000, "model": "measured"}
    return msgspec.json.encode({**about, "choices": choices, "usage": usage})


def _answer(headers: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nx-request-id: request-1\r\n{headers}\r\n\r\n"
    return head.encode() + body


def _plain(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = _whole("chat.completion", [choice], _USAGE)
    return _answer(f"content-type: application/json\r\ncontent-length: {len(body)}", body)


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _whole("chat.completion.chunk", [choice], None)


def _written(*events: bytes) -> bytes:
    chunks = [b"data: " + event + b"\n\n" for event in events]
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


def _parts(pieces: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return what a stream of *pieces* writes, one after the other."""
    headers = "content-type: text/event-stream\r\ntransfer-encoding: chunked"
    return (
        _answer(headers, _written(_event({"role": "assistant", "content": ""}))),
        *(_written(_event({"content": piece})) for piece in pieces),
        _written(_event({}, "stop"), _whole("chat.completion.chunk", [], _USAGE), b"[DONE]")
        + b"0\r\n\r\n",
    )


class Manner:
    """How an upstream answers."""

    def __init__(
        self,
        pieces: tuple[str, ...] = PIECES,
        first: float = 0.0,
        gap: float = 0.0,
        faults: int = 0,
    ) -> None:
        """Answer with *pieces*, the first after *first* seconds and the others *gap* apart.

        One request in *faults* is answered wrongly, where that is not 0.
        """
        self.faults = faults
        self.requests = 0
        self.injected = 0
        self.first = first
        self.gap = gap
        self.plain = _plain("".join(pieces))
        self.parts = _parts(pieces)
        self.burst = b"".join(self.parts)

    def fault(self) -> int | None:
        """Count a request; return which fault it gets, or None."""
        self.requests += 1
        if not self.faults or self.requests % self.faults:
            return None
        self.injected += 1
        return self.injected % 4


class Upstream(asyncio.Protocol):
    """One connection; each request is answered as soon as all of its body has come."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._held = b""
        self._may_write = asyncio.Event()
        self._may_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers are written to."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def pause_writing(self) -> None:
        """Wait: the other side reads more slowly than we write."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._may_write.set()

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._held += data
        while (head := self._held.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._held, 0, head)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._held) < end:
                return
            asked = self._held.startswith(b"GET")
            body, self._held = self._held[head + 4 : end], self._held[end:]
            if asked:
                self._tell()
                continue
            self._answer(streamed=b'"stream":true' in body or b'"stream": true' in body)

    def _answer(self, *, streamed: bool) -> None:
        manner = self._manner
        fault = manner.fault()
        if fault is not None:
            self._wrongly(fault, streamed=streamed)
        elif manner.first or manner.gap:
            self._task = asyncio.ensure_future(self._slowly(streamed=streamed))
        else:
            self._transport.write(manner.burst if streamed else manner.plain)

    def _wrongly(self, fault: int, *, streamed: bool) -> None:
        """Fail: with a status, by going away at once, or in the midst of an answer."""
        if fault < 2:
            body = msgspec.json.encode({"error": {"message": "it broke", "type": "server_error"}})
            status = (b"500 Internal Server Error", b"503 Service Unavailable")[fault]
            self._transport.write(
                b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                % (status, len(body), body)
            )
            return
        if fault == 3:
            whole = self._manner.burst if streamed else self._manner.plain
            self._transport.write(whole[: len(whole) // 2])
        self._transport.close()

    def _tell(self) -> None:
        """Say how many requests there were, and how many of them got a fault."""
        body = msgspec.json.encode([self._manner.requests, self._manner.injected])
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)

    async def _slowly(self, *, streamed: bool) -> None:
        manner = self._manner
        loop = asyncio.get_running_loop()
        due = loop.time() + manner.first
        for part in manner.parts if streamed else (manner.plain,):
            await asyncio.sleep(due - loop.time())
            await self._may_write.wait()
            if self._transport.is_closing():
                return
            self._transport.write(part)
            due += manner.gap


async def _serve(manner: Manner) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Upstream(manner), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    """Answer until ended."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--first", type=float, default=0.0, help="seconds before the first piece")
    parser.add_argument("--gap", type=float, default=0.0, help="seconds between pieces")
    parser.add_argument("--pieces", type=int, default=len(PIECES))
    parser.add_argument("--text", default="", help="what to answer in place of words by rote")
    parser.add_argument("--faults", type=int, default=0, help="one request in so many fails")
    given = parser.parse_args()
    pieces = tuple(f"word{n} " for n in range(given.pieces))
    if given.text:
        pieces = tuple(re.findall(r"\S+\s*", given.text))
    import_module("uvloop").run(_serve(Manner(pieces, given.first, given.gap, given.faults)))


if __name__ == "__main__":
    main()
