"""A partner's stand-in for measuring runs: answers chat requests by rote, at once or after a delay.

    python -m bench.standin --delay 0.1

Prints its port, and answers until it is ended. `GET /figures` tells what it saw: requests and
answers by prompt, the most at once, and the seconds from the first request to the last answer;
`GET /reset` begins anew. A message in Chinese is answered in Chinese.
"""

import argparse
import asyncio
import hashlib
import re
import time
from collections import Counter
from typing import cast

import msgspec

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ANSWERS = (
    "Yes, that works for me.\nSorry, I can't make it.\nLet me get back to you.",
    "好的，可以。\n抱歉，我不行。\n明天可以？",
)


def _written(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    body = msgspec.json.encode(
        {
            "id": "chat-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "rote",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 90, "completion_tokens": 24, "total_tokens": 114},
        }
    )
    return _response(body)


def _response(body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Message(msgspec.Struct):
    role: str
    content: str


class _Asked(msgspec.Struct):
    messages: list[_Message]


class Figures(msgspec.Struct):
    """What was seen."""

    requests: int = 0
    """Requests that came whole."""
    answers: int = 0
    """Answers that were written to a connection that was still open."""
    at_once: int = 0
    """Most requests that waited for their answers at the same time."""
    seconds: float = 0.0
    """From the first request to the last answer."""
    by_prompt: dict[str, int] = msgspec.field(default_factory=dict)
    """Answers by the hash of the last message."""


class StandIn:
    """What all connections share."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.reset()

    def reset(self) -> None:
        """Forget what was seen."""
        self.requests = self.answers = self.waiting = self.at_once = 0
        self.first = self.last = 0.0
        self.by_prompt: Counter[str] = Counter()

    def figures(self) -> bytes:
        """Return what was seen."""
        return msgspec.json.encode(
            Figures(
                requests=self.requests,
                answers=self.answers,
                at_once=self.at_once,
                seconds=self.last - self.first,
                by_prompt=dict(self.by_prompt),
            )
        )


_TEXTS = tuple(_written(text) for text in _ANSWERS)
_decode = msgspec.json.Decoder(_Asked).decode


class Connection(asyncio.Protocol):
    """One connection; its requests come one after another."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers are written to."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Take every request that is complete."""
        self._held += data
        while (head := self._held.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._held, 0, head)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._held) < end:
                return
            line, body = self._held[: self._held.find(b"\r\n")], self._held[head + 4 : end]
            self._held = self._held[end:]
            self._asked(line, body)

    def _asked(self, line: bytes, body: bytes) -> None:
        standin = self._standin
        if line.startswith(b"GET /figures"):
            self._transport.write(_response(standin.figures()))
        elif line.startswith(b"GET /reset"):
            standin.reset()
            self._transport.write(_response(b"{}"))
        elif line.startswith(b"GET"):
            self._transport.write(_response(b'{"object":"list","data":[{"id":"mock"}]}'))
        else:
            standin.requests += 1
            standin.first = standin.first or time.perf_counter()
            standin.waiting += 1
            standin.at_once = max(standin.at_once, standin.waiting)
            if standin.delay:
                asyncio.get_running_loop().call_later(standin.delay, self._answer, body)
            else:
                self._answer(body)

    def _answer(self, body: bytes) -> None:
        standin = self._standin
        standin.waiting -= 1
        if self._transport.is_closing():
            return
        said = _decode(body).messages[-1].content
        self._transport.write(_TEXTS[_CHINESE.search(said) is not None])
        standin.answers += 1
        standin.last = time.perf_counter()
        standin.by_prompt[hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()] += 1


async def _serve(delay: float) -> None:
    standin = StandIn(delay)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(standin), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before an answer")
    asyncio.run(_serve(parser.parse_args().delay))
