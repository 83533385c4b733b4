"""A long run at 60 % of what the service carries, with faults: `python -m bench.soak --minutes 30`.

One request in fifty is answered wrongly by the upstream: an error, a connection that goes away, an
answer that is cut. Memory must stand still after the first third, every request must get exactly
one answer, its own, and no more may fail than faults were injected.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from http.client import HTTPConnection

import aiohttp
import msgspec
import numpy as np

from bench.gateway import ASKED, CHAT, chat, running
from bench.served import Process, loaded, upstream
from bench.shop import TALK, Shop

SHARE = 0.6
"""Of its capacity."""
FAULTS = 50
"""One request in so many gets a fault."""
CONNECTIONS = 16
BAR = 1.0
"""MB a minute."""
INJECTED = frozenset({"partner_unavailable"})
"""Codes that an injected fault may come to."""


class Run:
    """What a run saw."""

    def __init__(self) -> None:
        self.asked = 0
        self.answered = 0
        self.strange: list[str] = []
        self.codes: Counter[str] = Counter()
        self.memory: list[tuple[float, float]] = []


async def soaked(shop: Shop, gateway: Process, rate: float, seconds: float) -> Run:
    """Ask *rate* times a second, whole and streamed in turn, and watch the memory."""
    run, began = Run(), time.monotonic()
    end = began + seconds
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers=shop.headers) as session:

        async def worker(number: int) -> None:
            due = time.monotonic() + number / rate
            while due < end:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await _ask(session, gateway.port, run)
                due += CONNECTIONS / rate

        async def watch() -> None:
            while time.monotonic() < end:
                run.memory.append((time.monotonic() - began, gateway.memory()))
                await asyncio.sleep(2)

        await asyncio.gather(watch(), *(worker(n) for n in range(CONNECTIONS)))
    return run


async def _ask(session: aiohttp.ClientSession, port: int, run: Run) -> None:
    run.asked += 1
    name = f"soak-{run.asked}"
    body = {"model": TALK, "messages": ASKED, "stream": run.asked % 2 == 0}
    try:
        async with session.post(
            f"http://127.0.0.1:{port}{CHAT}", json=body, headers={"X-Client-Request-Id": name}
        ) as answer:
            text = await answer.text()
    except (aiohttp.ClientError, TimeoutError) as error:
        run.strange.append(repr(error)[:200])
        return
    run.answered += 1
    if answer.headers.get("X-Client-Request-Id") != name:
        run.strange.append("the answer belongs to another request")
    code = _code(answer.status, text)
    run.codes[code] += 1
    if code not in INJECTED and code != "ok":
        run.strange.append(f"{answer.status} {code}: {text[-300:]}")


def _code(status: int, text: str) -> str:
    """Return `ok`, or the code of the error that stands in an answer."""
    if status == 200 and '"error":{' not in text:
        whole = text.count('"finish_reason":"stop"') == 1
        return "ok" if whole else "not whole"
    start = text.find("{")
    end = text.find("\n\ndata: [DONE]")
    if '"error":{' in text:
        start = text.rfind('{"error":{')
    found = msgspec.json.decode(text[start : end if end > start else None])
    return str(found["error"]["code"])


def slope(memory: list[tuple[float, float]]) -> float:
    """Return the growth in MB a minute after the first third."""
    settled = memory[len(memory) // 3 :]
    return float(np.polyfit([at / 60 for at, _ in settled], [mb for _, mb in settled], 1)[0])


def _injected(port: int) -> tuple[int, int]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    requests, injected = msgspec.json.decode(connection.getresponse().read())
    connection.close()
    return requests, injected


def main() -> int:
    """Run, print and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    given = parser.parse_args()
    with (
        upstream(f"--faults={FAULTS}") as mocked,
        running(mocked, everything=True) as (shop, gateway),
    ):
        seen = loaded(gateway.port, chat(shop, gateway.port, stream=True), connections=8, seconds=4)
        rate = SHARE * seen.answered / seen.seconds
        before = _injected(mocked.port)[1]
        run = asyncio.run(soaked(shop, gateway, rate, 60 * given.minutes))
        injected = _injected(mocked.port)[1] - before
    grown = slope(run.memory)
    failed = run.asked - run.codes["ok"]
    print(
        f"asked {run.asked:,} in {given.minutes:g} min, {rate:.0f}/s, 60 % of what streams came to"
    )
    print(
        f"answered {run.answered:,}, faults injected {injected:,}, failed {failed:,}: {dict(run.codes)}"
    )
    print(
        f"memory {run.memory[0][1]:.0f} → {run.memory[-1][1]:.0f} MB, {grown:+.2f} MB/min (bar {BAR:g})"
    )
    for one in run.strange[:5]:
        print(f"not injected: {one}")
    good = run.answered == run.asked and not run.strange and failed <= injected and grown < BAR
    print("met" if good else "missed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
