"""How long the partner's server goes on after its caller went away: `python -m bench.cancelling`."""

import asyncio
import os
import platform
import statistics
import time

from pratique.partners.catalogue import Candidate, packaged, read_partners
from pratique.partners.contract import Call, Delta, Turn
from pratique.partners.pool import Pool
from pratique.partners.standins.scenarios import read_scenarios
from pratique.partners.standins.server import StandIn
from pratique.privacy import Sensitive
from pratique.settings.workspace import Access

TIMES = 1000
BAR = 0.100


def call() -> Call:
    """Return a call of a line."""
    turns = (Turn(role="user", content=Sensitive("When does the parcel come?")),)
    return Call(form="chat", turns=turns, max_tokens=100)


async def measured(*, stream: bool) -> list[float]:
    """Return the seconds from each cancellation until the server saw its connection closed."""
    partner = read_partners([packaged()])["deepseek"]
    os.environ[partner.key_variable] = "stand-in-key"
    async with StandIn("deepseek") as server:
        pool = Pool(
            {partner.id: partner}, "CN", accesses={partner.id: Access(base_url=server.base_url)}
        )
        model = pool.connected(Candidate(partner=partner, model=partner.models[0]))
        silent = next(
            one
            for one in read_scenarios("deepseek").values()
            if one.end == "silent" and one.mode == "stream" and one.expect.retry == "never"
        )
        server.choose = lambda _: silent
        server.delay = 0.0 if stream else 60.0
        found = []
        for number in range(TIMES):
            reached = asyncio.Event()

            async def read(reached: asyncio.Event = reached) -> None:
                async for event in model.stream(call()):
                    if isinstance(event, Delta):
                        reached.set()

            task = asyncio.create_task(read() if stream else model.complete(call()))
            while len(server.seen) <= number or (stream and not reached.is_set()):
                await asyncio.sleep(0)
            started = time.perf_counter()
            task.cancel()
            await server.seen[number].hung_up.wait()
            found.append(time.perf_counter() - started)
            await asyncio.gather(task, return_exceptions=True)
        await pool.close()
        return found


def main() -> None:
    """Print the figures."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, stream in (("a stream, midway", True), ("a call, before its answer", False)):
        found = sorted(asyncio.run(measured(stream=stream)))
        middle, late, worst = statistics.median(found), found[int(0.99 * TIMES)], found[-1]
        print(
            f"{name}: {TIMES} cancelled; closed after {middle * 1e3:.2f} ms (median), "
            f"{late * 1e3:.2f} ms (99 %), {worst * 1e3:.2f} ms at most; bar {BAR * 1e3:.0f} ms: "
            f"{'met' if worst <= BAR else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
