"""Callers: one call of the same upstream through each client that is measured.

    python -m bench.callers ours 8000 uvloop

measures one of them in a process of its own, so that nothing it imports weighs on another. Each line
on its standard input, such as `plain 16 0.3` (a kind of call, calls at once, seconds), is
answered by the microseconds of CPU, user and system, that one call took.

Everyone hands over the text of the answer, parsed from JSON; the bare clients send a body that was
encoded before, and parse with `json`.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from importlib import import_module
from typing import Protocol

import aiohttp

from bench.upstream import TEXT
from pratique.partners.catalogue import Candidate, ModelEntry, Partner
from pratique.partners.contract import Call, Delta, Reply, Turn
from pratique.partners.dialect import Region
from pratique.partners.pool import Pool
from pratique.privacy import Sensitive

_ASKED = "Say when the parcel comes, please."
_MESSAGES = [{"role": "user", "content": _ASKED}]
_HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer measured-key"}
_WARM = 2
"""Calls of each worker before a measurement; the first round warms up in full."""


def _body(**more: object) -> bytes:
    asked = {"model": "measured", "max_tokens": 400, "temperature": 0.0, "messages": _MESSAGES}
    return json.dumps({**asked, **more}).encode()


_PLAIN = _body()
_STREAM = _body(stream=True, stream_options={"include_usage": True})


class Caller(Protocol):
    """One client."""

    async def plain(self) -> str:
        """Return the text of an answer in one piece."""
        ...

    async def burst(self) -> str:
        """Return the text of a stream."""
        ...


def _text(body: bytes) -> str:
    return str(json.loads(body)["choices"][0]["message"]["content"])


async def _streamed(chunks: AsyncIterator[bytes]) -> str:
    """Return the text of the events in *chunks*, which may be cut anywhere."""
    found: list[str] = []
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data: ") and line != b"data: [DONE]":
                choices = json.loads(line[6:])["choices"]
                found += [one["delta"].get("content") or "" for one in choices]
    return "".join(found)


class Ours:
    """The product's own: classified, reasoning kept apart, spend counted."""

    def __init__(self, base_url: str) -> None:
        os.environ["MEASURED_KEY"] = "measured-key"
        entry = ModelEntry(id="measured", about="Answers at once.", weights="self_hosted")
        partner = Partner(
            id="bench",
            name="Bench",
            models=(entry,),
            wire="openai",
            key_variable="MEASURED_KEY",
            regions=(Region(id="local", market="any", base_url=base_url),),
        )
        pool = Pool({"bench": partner}, "CN")
        self._model = pool.connected(Candidate(partner=partner, model=entry))
        turn = Turn(role="user", content=Sensitive(_ASKED))
        self._call = Call(form="chat", turns=(turn,), max_tokens=400, feature="bench")

    async def plain(self) -> str:
        """Return the text of an answer in one piece."""
        reply = await self._model.complete(self._call)
        assert reply.status == "ok", reply.detail
        return reply.text.reveal()

    async def burst(self) -> str:
        """Return the text of a stream."""
        found = []
        async for event in self._model.stream(self._call):
            if isinstance(event, Delta):
                found.append(event.text.reveal())
            elif isinstance(event, Reply):
                assert event.status == "ok", event.detail
        return "".join(found)


class Pyreqwest:
    """Bare pyreqwest: Rust's reqwest on a thread of its own."""

    def __init__(self, base_url: str) -> None:
        self._client = import_module("pyreqwest.client").ClientBuilder().build()
        self._url = f"{base_url}/chat/completions"

    async def plain(self) -> str:
        """Return the text of an answer in one piece."""
        asked = self._client.post(self._url).headers(_HEADERS).body_bytes(_PLAIN)
        response = await asked.build().send()
        return _text(bytes(await response.bytes()))

    async def burst(self) -> str:
        """Return the text of a stream."""
        asked = self._client.post(self._url).headers(_HEADERS).body_bytes(_STREAM)
        async with asked.build_streamed() as response:
            return await _streamed(_chunks(response.body_reader.read_chunk))


async def _chunks(read: Callable[[], Awaitable[bytes | None]]) -> AsyncIterator[bytes]:
    while (chunk := await read()) is not None:
        yield bytes(chunk)


class Aiohttp:
    """Bare aiohttp."""

    def __init__(self, base_url: str) -> None:
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, headers=_HEADERS)
        self._url = f"{base_url}/chat/completions"

    async def plain(self) -> str:
        """Return the text of an answer in one piece."""
        async with self._session.post(self._url, data=_PLAIN) as response:
            return _text(await response.read())

    async def burst(self) -> str:
        """Return the text of a stream."""
        async with self._session.post(self._url, data=_STREAM) as response:
            return await _streamed(aiter(response.content.iter_any()))


class Httpx:
    """Bare httpx."""

    def __init__(self, base_url: str) -> None:
        httpx = import_module("httpx")
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._client = httpx.AsyncClient(limits=limits, headers=_HEADERS)
        self._url = f"{base_url}/chat/completions"

    async def plain(self) -> str:
        """Return the text of an answer in one piece."""
        response = await self._client.post(self._url, content=_PLAIN)
        return _text(response.content)

    async def burst(self) -> str:
        """Return the text of a stream."""
        async with self._client.stream("POST", self._url, content=_STREAM) as response:
            return await _streamed(response.aiter_bytes())


class _OpenaiStyle:
    """What the two clients that hand over the vendor's own objects have in common."""

    _create: Callable[..., Awaitable[object]]
    _asked: Mapping[str, object]

    async def plain(self) -> str:
        """Return the text of an answer in one piece."""
        answer = await self._create(**self._asked)
        return str(answer.choices[0].message.content)  # type: ignore[attr-defined]

    async def burst(self) -> str:
        """Return the text of a stream."""
        usage = {"include_usage": True}
        events = await self._create(**self._asked, stream=True, stream_options=usage)
        found: list[str] = []
        async for event in events:  # type: ignore[attr-defined]
            found += [choice.delta.content or "" for choice in event.choices]
        return "".join(found)


class Openai(_OpenaiStyle):
    """OpenAI's own client."""

    def __init__(self, base_url: str) -> None:
        client = import_module("openai").AsyncOpenAI(
            base_url=base_url, api_key="measured-key", max_retries=0
        )
        self._create = client.chat.completions.create
        self._asked = {
            "model": "measured",
            "messages": _MESSAGES,
            "max_tokens": 400,
            "temperature": 0.0,
        }


class Litellm(_OpenaiStyle):
    """LiteLLM as a library, with what it does by default."""

    def __init__(self, base_url: str) -> None:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else importing it calls a server
        self._create = import_module("litellm").acompletion
        self._asked = {
            "model": "openai/measured",
            "messages": _MESSAGES,
            "max_tokens": 400,
            "temperature": 0.0,
            "api_base": base_url,
            "api_key": "measured-key",
            "max_retries": 0,
        }


CALLERS: Mapping[str, Callable[[str], Caller]] = {
    "pyreqwest": Pyreqwest,
    "ours": Ours,
    "aiohttp": Aiohttp,
    "httpx": Httpx,
    "openai": Openai,
    "litellm": Litellm,
}
"""Every client by name; the one that others are compared with stands first."""


async def _worker(one: Callable[[], Awaitable[str]], calls: int, until: float) -> int:
    """Make *calls* calls, and more until the time has come; return how many."""
    made = 0
    while made < calls or time.perf_counter() < until:
        text = await one()
        assert text == TEXT, text
        made += 1
    return made


async def _measured(one: Callable[[], Awaitable[str]], at_once: int, seconds: float) -> float:
    """Return the microseconds of CPU that a call takes, with *at_once* calls in flight."""
    await asyncio.gather(*(_worker(one, _WARM, 0.0) for _ in range(at_once)))
    began, until = time.process_time(), time.perf_counter() + seconds
    made = await asyncio.gather(*(_worker(one, 1, until) for _ in range(at_once)))
    return (time.process_time() - began) / sum(made) * 1e6


async def _serve(name: str, port: str) -> None:
    caller = CALLERS[name](f"http://127.0.0.1:{port}/v1")
    for line in sys.stdin:
        kind, at_once, seconds = line.split()
        one = caller.plain if kind == "plain" else caller.burst
        print(await _measured(one, int(at_once), float(seconds)), flush=True)


if __name__ == "__main__":
    _name, _port, _loop = sys.argv[1:]
    sys.exit(import_module(_loop).run(_serve(_name, _port)))
