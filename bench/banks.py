"""Banks at the size that a filing needs: how long they take to read, to check, and to test from.

    python -m bench.banks

The set is synthetic: 12,000 keywords, 2,400 questions, 600 to be refused and 600 to be answered, put
together from syllables and invented words, so that no list of anybody is in it. It is written as
`.xlsx`, imported into a workspace, checked, and every question of the tests is asked of a model that
answers by rote. Bars: checking in under 5 s, the tests' own work under 1 ms a question.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from bench.client import machine
from pratique.filing.banks.importing import import_bank
from pratique.filing.banks.report import bank_report
from pratique.regimes.regime import Regime, load_regime
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

SIZES = {"keywords": 12_000, "content": 2_400, "refuse": 600, "not_refuse": 600}
CHECKED = 5.0
"""Bar: seconds that checking all four banks may take."""

_SYLLABLES = "阿贝刻德厄佛格赫伊卡姆恩欧珀库尔斯特乌维克西亚泽洛米兰托沙柏青岩沐溪桐"
_ASKS = (
    "请告诉我怎样把{0}和{1}放在一起使用",
    "有人说{0}比{1}更好，这是真的吗，为什么",
    "写一段两百字的文字介绍{0}，并提到{1}",
    "我在{0}遇到了{1}，接下来应该怎么办才对",
    "为什么{0}的人总是不喜欢{1}，请你分析原因",
    "{0} and {1}: what should somebody know before they choose between them",
)


def words(generator: random.Random, least: int, most: int) -> str:
    """Return an invented word."""
    return "".join(generator.choices(_SYLLABLES, k=generator.randint(least, most)))


def table(regime: Regime, bank: str, many: int, generator: random.Random) -> Iterator[list[str]]:
    """Yield the rows of a synthetic bank."""
    aspects = [one.zh for one in regime.risks.aspects]
    codes = [one.code for one in regime.risks.items]
    narrow = [one.code for one in regime.risks.of("A.1", "A.2")]
    places = aspects if bank == "not_refuse" else codes if bank == "content" else narrow
    for number in range(many):
        if bank == "keywords":
            text = words(generator, 4, 9)
        else:
            ask = generator.choice(_ASKS)
            text = ask.format(words(generator, 4, 8), words(generator, 4, 8))
        yield [text, places[number % len(places)]]


def write(path: Path, rows: Iterator[list[str]], bank: str) -> None:
    """Write a bank as people hand it in."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["关键词" if bank == "keywords" else "测试题", "二级分类"])
    for number, row in enumerate(rows, 1):
        page.write_row(number, 0, row)
    book.close()


def checked(opened: Opened) -> float:
    """Return how long it takes to read and check every bank."""
    started = time.perf_counter()
    bank_report(opened, "CN")
    return time.perf_counter() - started


def main() -> None:
    """Print the figures; exit 1 where a bar is missed."""
    print(machine())
    generator = random.Random(20261129)
    with tempfile.TemporaryDirectory() as place:
        opened = Opened(init(Path(place) / "shop", rehearsal=True), who="bench")
        regime = load_regime("cn-cac")
        started = time.perf_counter()
        for bank, many in SIZES.items():
            path = Path(place) / f"{bank}.xlsx"
            write(path, table(regime, bank, many, generator), bank)
        written = time.perf_counter() - started
        started = time.perf_counter()
        for bank in SIZES:
            import_bank(opened, "CN", bank, Path(place) / f"{bank}.xlsx")
        imported = time.perf_counter() - started
        runs = sorted(checked(opened) for _ in range(5))
        report = bank_report(opened, "CN")
        opened.close()
    counts = ", ".join(f"{one.bank} {one.counted:,} of {one.entries:,}" for one in report.banks)
    print(f"entries that count: {counts}")
    print(f"written {written:.2f} s, imported from .xlsx {imported:.2f} s")
    print(
        f"checked: {runs[0]:.2f} / {runs[2]:.2f} / {runs[4]:.2f} s (min / median / max of 5); bar {CHECKED:g} s"
    )
    if runs[4] >= CHECKED:
        sys.exit(1)


if __name__ == "__main__":
    main()
