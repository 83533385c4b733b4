"""An upstream for measuring clients: prebuilt answers of the OpenAI-style wire, over loopback.

    python -m bench.upstream

Prints its port, and answers until it is ended. A burst is a stream of 24 events in one write: the
beginning, 20 pieces of text, the reason to stop, the usage and the last word.
"""

import asyncio
import re
import sys
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


def _plain() -> bytes:
    message = {"role": "assistant", "content": TEXT}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = _whole("chat.completion", [choice], _USAGE)
    return _answer(f"content-type: application/json\r\ncontent-length: {len(body)}", body)


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _whole("chat.completion.chunk", [choice], None)


def _burst() -> bytes:
    events = [
        _event({"role": "assistant", "content": ""}),
        *(_event({"content": piece}) for piece in PIECES),
        _event({}, "stop"),
        _whole("chat.completion.chunk", [], _USAGE),
        b"[DONE]",
    ]
    chunks = [b"data: " + event + b"\n\n" for event in events]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    headers = "content-type: text/event-stream\r\ntransfer-encoding: chunked"
    return _answer(headers, framed)


class Upstream(asyncio.Protocol):
    """One connection; each request is answered as soon as all of its body has come."""

    answers = (_plain(), _burst())

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers are written to."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._held += data
        while (head := self._held.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._held, 0, head)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._held) < end:
                return
            body, self._held = self._held[head + 4 : end], self._held[end:]
            streamed = b'"stream":true' in body or b'"stream": true' in body
            self._transport.write(self.answers[streamed])


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(import_module("uvloop").run(_serve()))
