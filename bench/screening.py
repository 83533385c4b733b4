"""Measure keyword screening on one core: `python -m bench.screening`.

Phrases are dictionary words (of the package `pypinyin`) and joins of them, drawn with a fixed seed;
the text is Chinese encyclopaedia paragraphs, abstracts and dialogues that lie beside the repository.
Peers (`pyahocorasick`, `flashtext`, `hyperscan`) match the same phrases in the same run where they
can be imported. Times are CPU time of this process, the best of some rounds; MB are of UTF-8.
"""

import argparse
import gc
import importlib
import json
import platform
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pratique.screening.entries import Entry
from pratique.screening.fold import key_of
from pratique.screening.pack import Pack, pack_of
from pratique.screening.screen import Screen
from pratique.screening.stream import Stream

DATA = Path(__file__).parents[2] / "shared" / "data"
"""Public text, where the machine has it."""
CHARACTERS = 2_000_000
"""Characters of the long text."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=20_000, help="random streams for leaks")
    arguments = parser.parse_args()
    text = clean_text()
    print(f"# {platform.python_version()} {platform.machine()}, daachorse {version('daachorse')}")
    print(f"# text: {len(text):,} characters, {len(text.encode()) / 1e6:.2f} MB\n")
    for count in (10_000, 100_000):
        pack = invented_pack(count)
        screen, built = _built(pack)
        print(f"{count:,} phrases: built in {built:.2f} s (bar 1 s for 100,000)")
        long_text(screen, text)
        calls(screen, text)
        tokens(screen, text)
        held(screen, text)
    extra_hits(text)
    swaps(text)
    leaks(arguments.streams, text)
    peers(text)


def clean_text() -> str:
    """Return the long text: paragraphs, abstracts and utterances, one a line."""
    lines: list[str] = []
    squad = json.loads((DATA / "zh-qa-cmrc2018/cmrc2018_dev_part.json").read_text("utf-8"))
    lines += [part["context"] for item in squad["data"] for part in item["paragraphs"]]
    table = (DATA / "zh-abstracts-csl-ts/dev.tsv").read_text("utf-8")
    lines += [line.split("\t")[1] for line in table.splitlines() if line.count("\t") > 1]
    for name in ("film", "music", "travel"):
        path = DATA / f"zh-dialogue-kdconv/kdconv_{name}_dev.jsonl"
        lines += _strings(path.read_text("utf-8"))
    lines += _strings((DATA / "zh-dialogue-crosswoz/crosswoz_val.jsonl").read_text("utf-8"))
    lines += _strings((DATA / "zh-meetings-vcsum/short_dev.jsonl").read_text("utf-8"))
    return "\n".join(lines)[:CHARACTERS]


def _strings(text: str) -> list[str]:
    """Return every longer Chinese string value in JSON lines."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str) and len(value) > 8 and "\u4e00" <= value[0] <= "\u9fff":
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from walk(one)
        elif isinstance(value, dict):
            for one in value.values():
                yield from walk(one)

    return [found for line in text.splitlines() for found in walk(json.loads(line))]


def invented_pack(count: int) -> Pack:
    """Return a pack of *count* phrases of 3 to 12 characters.

    A third are dictionary words of three and more characters, so that some stand in clean text;
    the others are two words joined, as most phrases of a list are no words of the dictionary.
    """
    words = importlib.import_module("pypinyin.phrases_dict").phrases_dict
    drawn = random.Random(7)
    pool = sorted(word for word in words if 2 <= len(word) <= 12 and key_of(word))
    phrases = set(drawn.sample([word for word in pool if len(word) > 2], min(count // 3, 10_000)))
    while len(phrases) < count:
        phrases.add("".join(drawn.sample(pool, 2))[:12])
    return pack_of(
        (Entry(id=f"k{n}", phrase=one, risk="A.1f") for n, one in enumerate(sorted(phrases))),
        id="bench",
    )


def _built(pack: Pack) -> tuple[Screen, float]:
    gc.collect()
    start = time.process_time()
    screen = Screen(pack)
    return screen, time.process_time() - start


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the CPU seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def long_text(screen: Screen, text: str) -> None:
    """Print the pace on the long text: fold and match alone, and with every hit judged."""
    size = len(text.encode()) / 1e6
    bare = best(lambda: screen.hard.matcher.find(key_of(text)))
    judged = best(lambda: list(screen.finds(text)))
    hits = sum(1 for _ in screen.finds(text))
    print(f"  fold and match {size / bare:.0f} MB/s (bar 60 at 10,000)")
    print(f"  with {hits:,} finds judged in all hard views {size / judged:.0f} MB/s")
    short = text[1000:1120]
    print(
        f"  whole check of 120 characters {best(lambda: [screen.check(short) for _ in range(1000)]) * 1000:.1f} µs"
    )


def calls(screen: Screen, text: str) -> None:
    """Print the time of all screening of one call: input and answer of 120 characters each."""
    pairs = [(text[n : n + 120], text[n + 120 : n + 240]) for n in range(0, 240_000, 240)]
    pairs = [pair for pair in pairs if not screen.check("".join(pair)).hits]

    def plain() -> None:
        for given, answer in pairs:
            screen.check(given, "input")
            screen.check(answer, "output")

    def streamed() -> None:
        for given, answer in pairs:
            screen.check(given, "input")
            stream = Stream(screen)
            for n in range(0, 120, 6):
                stream.feed(answer[n : n + 6])
            stream.finish()

    for name, run, bar in (("plain", plain, 40), ("stream of 20 events", streamed, 80)):
        print(f"  one call, {name}: {best(run, 3) / len(pairs) * 1e6:.1f} µs (bar {bar} at 10,000)")


def tokens(screen: Screen, text: str) -> None:
    """Print the time of one token of two characters, in answers of 200 characters."""
    flagging = Screen(pack_of((_flag(entry) for entry in screen.pack.entries), id="flags"))
    answers = [text[n : n + 200] for n in range(0, 400_000, 200)]

    def run() -> None:
        for answer in answers:
            stream = Stream(flagging)
            for n in range(0, 200, 2):
                stream.feed(answer[n : n + 2])
            stream.finish()

    count = len(answers) * 100
    print(
        f"  feed of a token {best(run, 3) / count * 1e6:.2f} µs, opening and finish included (bar 3)"
    )


def _flag(entry: Entry) -> Entry:
    return Entry(id=entry.id, phrase=entry.phrase, risk=entry.risk, action="flag")


def held(screen: Screen, text: str) -> None:
    """Print how many characters are held after each one of a clean text."""
    flagging = Screen(pack_of((_flag(entry) for entry in screen.pack.entries), id="flags"))
    stream = Stream(flagging)
    kept = []
    for character in text[:300_000]:
        stream.feed(character)
        kept.append(stream.held)
    cuts = statistics.quantiles(kept, n=100)
    print(
        f"  held: mean {statistics.fmean(kept):.2f} (bar 1.5), p50 {cuts[49]:.0f},"
        f" p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f} (bar 5), max {max(kept)}"
    )


def extra_hits(text: str) -> None:
    """Print the hits that the views beside the exact one add on a million clean characters."""
    screen = Screen(invented_pack(10_000))
    finds = list(screen.finds(text[:1_000_000]))
    extra = [find for find in finds if find.view != "exact"]
    print(
        f"\nextra hits in 1,000,000 clean characters: {len(extra)} (bar 50), exact {len(finds) - len(extra)}"
    )
    for find in extra[:5]:
        print(f"  {find.view}: {text[find.start : find.end]!r} for {find.entry.phrase}")


def swaps(text: str) -> None:
    """Print how many of 2,000 running streams a list of 100,000 that is put in loses or mixes."""
    old, phrases = invented_pack(10_000), invented_pack(100_000)
    current = [Screen(old)]
    answers = [text[n : n + 100] + old.entries[n % 10_000].phrase + "。" for n in range(2_000)]
    streams = [(Stream(current[0]), answer) for answer in answers]
    expected = [current[0].check(answer, "output") for answer in answers]
    shown = [stream.feed(answer[:50]) for stream, answer in streams]
    compiling = threading.Thread(target=lambda: current.append(Screen(phrases)))
    compiling.start()
    lost = wrong = 0
    for (stream, answer), before, whole in zip(streams, shown, expected, strict=True):
        seen = before + "".join(stream.feed(one) for one in answer[50:]) + stream.finish()
        lost += len(seen) != len(whole.shown(answer))
        wrong += stream.hits != whole.hits
    compiling.join()
    print(
        f"\n2,000 streams while 100,000 phrases are compiled and put in: {lost} lost, {wrong} on"
        f" another version (bar 0); the next one knows {len(current[-1].hard.keys):,} keys"
    )


def leaks(count: int, text: str) -> None:
    """Print how many of *count* random streams show a hit, or differ from the whole text."""
    drawn = random.Random(11)
    pack = invented_pack(10_000)
    screen = Screen(pack)
    leaked = differing = hit = 0
    for _ in range(count):
        at = drawn.randrange(len(text) - 60)
        word = drawn.choice(pack.entries).phrase
        dressed = "".join(one + drawn.choice(("", "", "\u200b", "*", one, " ")) for one in word)
        answer = text[at : at + 30] + dressed + text[at + 30 : at + 50]
        stream = Stream(screen)
        shown, n = "", 0
        while n < len(answer) and stream.ended is None:
            step = drawn.choice((1, 1, 2, 3, 5, 17))
            shown += stream.feed(answer[n : n + step])
            n += step
        if stream.ended is None:
            shown += stream.finish()
        whole = screen.check(answer, "output")
        hit += bool(whole.hits)
        leaked += any(one.tier == "hard" for one in screen.check(shown, "output").hits)
        differing += shown != whole.shown(answer) or stream.hits != whole.hits
    print(
        f"\n{count:,} random streams, {hit:,} with a hit: {leaked} leaks, {differing} differ (bar 0)"
    )


def peers(text: str) -> None:
    """Print the pace of the peers on the same phrases, each on what it can fold: nothing."""
    phrases = [entry.phrase for entry in invented_pack(10_000).entries]
    size = len(text.encode()) / 1e6
    print("\npeers, 10,000 phrases, bare matching without any folding:")
    part = text[:200_000]
    share = len(part.encode()) / 1e6
    for name, run in (("pyahocorasick", _ahocorasick), ("flashtext", _flashtext)):
        search = run(phrases)
        if search is None:
            print(f"  {name}: not installed")
            continue
        print(f"  {name}: {share / best(partial(search, part), 2):.1f} MB/s")
    scan = _hyperscan(phrases)
    whole = text.encode()
    print(
        "  hyperscan: "
        + (f"{size / best(lambda: scan(whole), 3):.0f} MB/s" if scan else "not installed")
    )


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _ahocorasick(phrases: list[str]) -> Callable[[str], object] | None:
    module = _module("ahocorasick")
    if module is None:
        return None
    automaton = module.Automaton()
    for phrase in phrases:
        automaton.add_word(phrase, phrase)
    automaton.make_automaton()
    return lambda text: sum(1 for _ in automaton.iter(text))


def _flashtext(phrases: list[str]) -> Callable[[str], object] | None:
    module = _module("flashtext")
    if module is None:
        return None
    processor = module.KeywordProcessor(case_sensitive=True)
    processor.non_word_boundaries = set()
    for phrase in phrases:
        processor.add_keyword(phrase)
    return lambda text: processor.extract_keywords(text)


def _hyperscan(phrases: list[str]) -> Callable[[bytes], object] | None:
    module = _module("hyperscan")
    if module is None:
        return None
    database = module.Database()
    database.compile(
        expressions=[phrase.encode() for phrase in phrases],
        ids=list(range(len(phrases))),
        flags=[0] * len(phrases),
        literal=True,
    )
    return lambda data: database.scan(data, match_event_handler=lambda *_: None)


if __name__ == "__main__":
    main()
