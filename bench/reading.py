"""Measure how well pictures are read inside the process: `python -m bench.reading`.

Character error rate (CER): Levenshtein distance to what the picture says, a part of its length, over
NFKC text without spaces. `in order` compares the joined lines; `any order` pairs every line or
cell of the target with what was read most like it, so that the difference is reading order. Rates are of all
characters of a group together; the spread is over pictures. The pictures are those of
`suites/pictures`, which we rendered ourselves, and real ones that lie beside the repository.
`--worst N` prints the pictures with most errors, line by line.
"""

import argparse
import os
import platform
import statistics
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec
from rapidfuzz.distance import Levenshtein

from pratique import __version__
from pratique.evals.suites import packaged
from pratique.partners.ocr import Line, read_lines, recognised

REAL = Path(__file__).parents[2] / "shared" / "data" / "vision-ocr-images"
"""Real pictures, where the machine has them."""
REAL_TARGETS: Mapping[str, tuple[str, ...]] = {
    "black_font_color_transparent.png": ("我是中国人",),
    "ch_doc_server.png": ("嫖娼",),
    "ch_en_num.jpg": (
        "正品促销",
        "大桶装更划算",
        "强力去污符合国标",
        "-40℃深度防冻不结冰",
        "日常价¥10.0起",
        "直击",
        "底价",
        "日常价¥10.0起",
        "券后价¥5.8起",
        "惊喜福利不容错过",
        "极速发货",
        "冰点标准",
        "破损就赔",
        "假一赔十",
    ),
    "empty_black.jpg": (),
    "en.jpg": (
        "3 MovieShots Dataset",
        "To facilitate the shot type analysis in videos, we collect MovieShots, a large-scale",
        "shot type annotation set that contains 46K shots from 7858 movies. The details",
        "of this dataset are specified as follows.",
    ),
    "en_rec.jpg": (
        "To facilitate the shot type analysis in videos, we collect MovieShots, a large-scale",
    ),
    "img_exif_orientation.jpg": ("我是中国人",),
    "short.png": ("中国网络空间安全",),
    "text_rec.jpg": ("韩国小馆",),
}
"""What they say, as read by eye; `fridge.jpg` is left out: its text is packaging that no eye can read."""


class Target(msgspec.Struct, frozen=True):
    """What a rendered picture says; the other fields are not needed here."""

    file: str
    """File of the picture."""
    kind: str
    """Poster, ticket and so on."""
    locale: str
    """Language and script."""
    lines: tuple[str, ...]
    """Its text in reading order."""
    conditions: tuple[str, ...]
    """What makes it hard to read."""


HEADINGS = (
    f"{'group':<20}{'n':>5}{'chars':>7}{'in order':>9}{'any order':>10}{'worst':>8}"
    f"{'exact':>7}{'median':>8}{'min':>7}{'max s':>6}"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """How one picture was read."""

    target: Target
    """The picture."""
    read: tuple[Line, ...]
    """What was read."""
    length: int
    """Characters that it says."""
    in_order: int
    """Characters wrong, in the target's order."""
    any_order: int
    """Characters wrong, whatever the order of lines."""
    seconds: tuple[float, ...]
    """Wall time of each round, decoding included."""


def plain(text: str) -> str:
    """Return *text* as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def any_order(lines: Sequence[str], read: str) -> int:
    """Return how many characters are wrong when each line may stand anywhere.

    The longest lines go first; each takes away the stretch of the text that is most like it.
    """
    wrong = 0
    for line in sorted(lines, key=len, reverse=True):
        start, end, cost = nearest(line, read)
        wrong += cost
        read = read[:start] + "\n" + read[end:]
    return wrong + len(read.replace("\n", ""))


def nearest(line: str, read: str) -> tuple[int, int, int]:
    """Return the stretch of *read* that is most like *line*, and the distance of the two.

    One pass of the usual table, in which a stretch may begin anywhere at no cost.
    """
    costs, starts = [0] * (len(read) + 1), list(range(len(read) + 1))
    for row, letter in enumerate(line, 1):
        next_costs, next_starts = [row], [0]
        for column, other in enumerate(read, 1):
            # A stretch never runs over a gap that another line left.
            change = costs[column - 1] + (99 if other == "\n" else letter != other)
            ways = (
                (change, starts[column - 1]),
                (costs[column] + 1, starts[column]),
                (next_costs[column - 1] + (99 if other == "\n" else 1), next_starts[column - 1]),
            )
            cost, start = min(ways, key=lambda way: (way[0], -way[1]))
            next_costs.append(cost)
            next_starts.append(start)
        costs, starts = next_costs, next_starts
    end = min(range(len(costs)), key=lambda place: costs[place])
    return starts[end], end, costs[end]


def measured(target: Target, folder: Path, rounds: int) -> Measured:
    """Read one picture, *rounds* times to see how long it takes."""
    data = (folder / target.file).read_bytes()
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        read = read_lines(data)
        seconds.append(time.perf_counter() - started)
    text = plain(recognised(read))
    said = plain("".join(target.lines))
    ordered = Levenshtein.distance(said, text)
    cells = [plain(cell) for line in target.lines for cell in line.split("  ")]
    free = min(ordered, any_order(cells, text))
    return Measured(target, read, len(said), ordered, free, tuple(seconds))


def groups(results: Sequence[Measured]) -> Iterator[tuple[str, list[Measured]]]:
    """Yield the results of all pictures, and of each kind, locale and condition."""
    yield "all", list(results)
    for name in sorted({one.target.kind for one in results}):
        yield f"kind {name}", [one for one in results if one.target.kind == name]
    for name in sorted({one.target.locale for one in results}):
        yield f"locale {name}", [one for one in results if one.target.locale == name]
    yield "none of these", [one for one in results if not one.target.conditions]
    for name in sorted({name for one in results for name in one.target.conditions}):
        yield name, [one for one in results if name in one.target.conditions]


def row(name: str, results: Sequence[Measured]) -> str:
    """Return one line of the table."""
    total = sum(one.length for one in results)
    length = max(1, total)
    ordered = sum(one.in_order for one in results) / length
    free = sum(one.any_order for one in results) / length
    each = [one.in_order / max(1, one.length) for one in results]
    exact = sum(one.in_order == 0 for one in results)
    seconds = [each for one in results for each in one.seconds]
    return (
        f"{name:<20}{len(results):>5}{total:>7}{ordered:>9.2%}{free:>10.2%}{max(each):>8.1%}"
        f"{exact:>7}{statistics.median(seconds):>8.2f}{min(seconds):>7.2f}{max(seconds):>6.2f}"
    )


def show(title: str, results: Sequence[Measured]) -> None:
    """Print a table."""
    print(f"\n{title}")
    print(HEADINGS)
    for name, members in groups(results):
        if members:
            print(row(name, members))


def show_worst(results: Iterable[Measured], most: int) -> None:
    """Print the pictures with most errors beside what they say."""
    for one in sorted(results, key=lambda one: -one.in_order)[:most]:
        if one.in_order:
            print(
                f"\n{one.target.file}: {one.in_order} of {one.length} ({one.any_order} any order)"
            )
            print("  says  " + " / ".join(one.target.lines))
            print("  read  " + recognised(one.read).replace("\n", " / "))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=0, help="how many pictures to print")
    parser.add_argument("--rounds", type=int, default=1, help="how often each picture is read")
    words = parser.parse_args()
    folder = packaged() / "pictures"
    targets = [
        msgspec.json.decode(line, type=Target)
        for line in (folder / "pictures.jsonl").read_bytes().splitlines()
    ]
    packages = ("rapidocr", "onnxruntime", "opencv-python-headless", "pillow")
    print(f"pratique {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores,")
    print(f"{platform.platform()}; " + ", ".join(f"{name} {version(name)}" for name in packages))
    started = time.perf_counter()
    measured(targets[0], folder, 1)
    print(f"first picture, with loading: {time.perf_counter() - started:.2f} s")
    rendered = [measured(target, folder, words.rounds) for target in targets]
    show("rendered by ourselves", rendered)
    show_worst(rendered, words.worst)
    if not REAL.is_dir():
        print(f"\nreal pictures: skipped, since `{REAL.name}` is not on this machine")
        return
    real = [
        measured(Target(name, "real", "-", lines, ()), REAL, words.rounds)
        for name, lines in REAL_TARGETS.items()
    ]
    print("\nreal pictures")
    print(HEADINGS)
    print(row("all", real))
    for one in real:
        print(row(one.target.file[:19], [one]))
    show_worst(real, words.worst)


if __name__ == "__main__":
    main()
