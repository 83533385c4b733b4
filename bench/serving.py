"""Measure what serving adds to one call on one core: `python -m bench.serving`.

CPU time of this process, the best of some rounds; the partner is a stand-in in the same process
that answers at once. Screening: input and answer of 120 characters each, 10,000 phrases of
`bench.screening`: dictionary words and joins of them.
The model's own work, the network and HTTP are not in these figures.
"""

import argparse
import asyncio
import platform
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from bench.screening import invented_pack
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.labels.policy import label_policy
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Call, Delta, Event, Reply
from pratique.privacy import Sensitive
from pratique.regimes.regime import load_regime
from pratique.screening.screen import Screen
from pratique.serving.answer import answer, require_valid_input
from pratique.serving.gate import Gate
from pratique.serving.guard import Guard
from pratique.serving.screened import screened
from pratique.serving.streaming import stream
from pratique.serving.variant import Variant, variant_of

ZH = (
    "今天下午三点的会议改到五楼会议室，请大家提前十分钟到场，带好上周的报表和投影用的资料。"
    "会后一起去食堂吃饭，想点菜的人请在群里告诉小林，他会提前订好位子，不用再排队等候。"
    "如果临时有事不能来，请在两点以前跟我说一声，我好安排别人代替发言。"
)[:120]
EN = (
    "The meeting has moved to room five on Friday at 3 pm; please bring last week's report. "
    "Lunch is at one, tell Ines."
)[:120]
PIECES = 20
PHRASES = 10_000
BARS = {"plain": 40.0, "stream": 80.0, "typed": 400.0}
"""Most µs of CPU."""


class Instant:
    """A partner that answers at once."""

    name = "bench/instant"
    concurrency = 1

    def __init__(self, text: str) -> None:
        self._text = text
        size = -(-len(text) // PIECES)
        self._pieces = [text[at : at + size] for at in range(0, len(text), size)]

    async def complete(self, call: Call) -> Reply:  # noqa: ARG002
        """Answer."""
        return Reply(status="ok", text=Sensitive(self._text))

    async def stream(self, call: Call) -> AsyncIterator[Event]:  # noqa: ARG002
        """Answer in pieces."""
        for piece in self._pieces:
            yield Delta(Sensitive(piece))
        yield Reply(status="ok", text=Sensitive(self._text))


def cpu(work: Callable[[], Awaitable[object]], count: int, rounds: int) -> float:
    """Return the µs of CPU of one *work*."""

    async def run() -> float:
        best = float("inf")
        for _ in range(rounds):
            began = time.process_time()
            for _ in range(count):
                await work()
            best = min(best, time.process_time() - began)
        return best / count * 1e6

    return asyncio.run(run())


def variant(feature: str, model: str, locale: str) -> Variant:
    """Return a packaged variant."""
    label = label_policy(load_regime("cn-cac"), "001191000000MA0000000N10001")
    candidate = find_candidate(read_partners([packaged_partners()]), model)
    pack = read_pack(find_packs([packaged()])[feature])
    return variant_of(pack, candidate, "CN", locale, label)


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    guard = Guard(screen=Screen(invented_pack(PHRASES)))
    print(f"# Python {platform.python_version()}, {PHRASES:,} phrases, 120 + 120 characters")
    good = True
    for name, text, locale in (("zh", ZH, "zh-Hans"), ("en", EN, "en")):
        talk = variant("assistant", "embedded/smollm2-135m", locale)
        typed = variant("summarize", "embedded/smollm2-135m", locale)
        for label, found, bar in _rows(talk, typed, text, guard, given.count, given.rounds):
            met = "" if bar is None else ("met" if found <= bar else "missed")
            good = good and met != "missed"
            print(
                f"{name} {label:44s}{found:8.1f} µs {'' if bar is None else f'bar {bar:g}'} {met}"
            )
    return 0 if good else 1


def _rows(
    talk: Variant, typed: Variant, text: str, guard: Guard, count: int, rounds: int
) -> list[tuple[str, float, float | None]]:
    conversation: Mapping[str, object] = {"messages": [{"role": "user", "content": text}]}
    source: Mapping[str, object] = {"text": text, "kind": "article", "length": "short"}
    model = Instant(text)
    summary = Instant(text[: text.find("，" if "，" in text else ";")])
    size = -(-len(text) // PIECES)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    words = {"text": text}

    async def plain_screening() -> None:
        screened(guard.screen, conversation, "input", talk.feature, talk.locale)
        screened(guard.screen, words, "output", talk.feature, talk.locale)

    async def stream_screening() -> None:
        screened(guard.screen, conversation, "input", talk.feature, talk.locale)
        gate = Gate(talk, guard, "")
        for piece in pieces:
            gate.feed(piece)
        await gate.finish()

    async def whole() -> object:
        return await answer(
            talk, Sensitive(conversation), model, content_id="b", deadline=30, guard=guard
        )

    async def streamed() -> None:
        async for _ in stream(
            talk, Sensitive(conversation), model, content_id="b", deadline=30, guard=guard
        ):
            pass

    async def typed_call() -> object:
        require_valid_input(typed, source)
        return await answer(
            typed, Sensitive(source), summary, content_id="b", deadline=30, guard=guard
        )

    found = asyncio.run(_once(typed_call))
    assert getattr(found, "status", "") == "ok", found
    return [
        ("screening, plain", cpu(plain_screening, count, rounds), BARS["plain"]),
        ("screening, stream of 20", cpu(stream_screening, count, rounds), BARS["stream"]),
        ("conversation, whole call, plain", cpu(whole, count, rounds), None),
        ("conversation, whole call, stream of 20", cpu(streamed, count, rounds), None),
        (
            "typed feature with its checks, whole call",
            cpu(typed_call, count, rounds),
            BARS["typed"],
        ),
    ]


async def _once(work: Callable[[], Awaitable[object]]) -> object:
    return await work()


if __name__ == "__main__":
    sys.exit(main())
