"""Banks at the size that a filing needs: how long they take to read, to check, and to test from.

    python -m bench.banks

The set is synthetic: 12,000 keywords, 2,400 questions, 600 to be refused and 600 to be answered, put
together from syllables and invented words, so that no list of anybody is in it. It is written as
`.xlsx`, imported into a workspace, checked, and every question of the tests is asked of a model that
answers by rote. Bars: checking in under 5 s, the tests' own work under 1 ms a question.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
import xlsxwriter

from bench.client import machine
from pratique.filing.banks.importing import import_bank
from pratique.filing.banks.report import bank_report
from pratique.filing.trials.planning import plan_trial
from pratique.filing.trials.report import trial_report
from pratique.filing.trials.trying import answers_of, ask, judge
from pratique.partners.contract import Call, Event, Reply, Usage, in_one_piece
from pratique.privacy import Sensitive
from pratique.regimes.regime import Regime, load_regime
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

SIZES = {"keywords": 12_000, "content": 2_400, "refuse": 600, "not_refuse": 600}
CHECKED = 5.0
"""Bar: seconds that checking all four banks may take."""
BOOKKEEPING = 1.0
"""Bar: milliseconds that a trial's own work may take for each question."""

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


class Rote:
    """A model that answers every call at once with the same words."""

    name = "embedded/rules"
    concurrency = 8

    async def complete(self, call: Call) -> Reply:
        """Answer in the form and the language of the feature."""
        chinese = "请" in call.turns[-1].content.reveal() or "的" in call.turns[-1].content.reveal()
        said = _SAID["zh" if chinese else "en"]
        answer = {"replies": said} if call.feature == "smart_reply" else {"summary": said[0]}
        text = Sensitive(msgspec.json.encode(answer).decode())
        return Reply(status="ok", text=text, usage=Usage(input_tokens=9, output_tokens=9))

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Answer in one piece."""
        async for event in in_one_piece(await self.complete(call)):
            yield event


_SAID = {
    "zh": ["好的，我知道了。", "可以，就这样吧。", "谢谢你的消息。"],
    "en": ["Good, I see.", "Fine, let us do that.", "Thank you for telling me."],
}


class Tried(NamedTuple):
    """What a trial of full size took, in seconds; `own_cpu` by the processor, the rest by the clock."""

    answered: int
    """Questions that have an answer to judge."""
    questions: int
    """Questions asked."""
    plan: float
    """Reading the banks, drawing and dealing out."""
    ask: float
    """Asking, through the runner that assessments use."""
    judge: float
    """All judges, findings, keeping."""
    report: float
    """Making the report from what was kept."""
    own_cpu: float
    """Seconds of the processor for planning and judging, whoever else runs on the machine."""


def tried(opened: Opened, seed: int) -> Tried:
    """Carry out a trial of full size on two features, with answers that cost nothing."""
    times, spent = [time.perf_counter()], [time.process_time()]
    plan = plan_trial(
        opened, "CN", candidate="embedded/rules", features=("smart_reply", "summarize"), seed=seed
    )
    times.append(time.perf_counter())
    spent.append(time.process_time())
    asyncio.run(ask(opened, plan, lambda _: None, models={Rote.name: Rote()}))
    times.append(time.perf_counter())
    spent.append(time.process_time())
    trial = asyncio.run(judge(opened, plan))
    times.append(time.perf_counter())
    spent.append(time.process_time())
    trial_report(opened, "CN", trial.id)
    times.append(time.perf_counter())
    answered = sum(
        one.outcome == "scored"
        for cells in plan.cells.values()
        for _, results in answers_of(opened, cells)
        for one in results
    )
    own_cpu = spent[1] - spent[0] + spent[3] - spent[2]
    plan_, ask_, judge_, report = (after - before for before, after in pairwise(times))
    return Tried(answered, plan.calls, plan_, ask_, judge_, report, own_cpu)


def told(runs: Sequence[Tried]) -> float:
    """Print what trials took, and return the median of their own work in ms a question."""
    own = sorted(one.own_cpu / one.questions * 1000 for one in runs)
    print(
        f"a trial of {runs[0].questions:,} questions, {runs[0].answered:,} of them answered,"
        f" {len(runs)} times, medians by the clock:"
    )
    for name in ("plan", "ask", "judge", "report"):
        each = statistics.median(getattr(one, name) for one in runs)
        print(f"  {name:7}{each:6.2f} s   {each / runs[0].questions * 1000:5.2f} ms a question")
    print(
        f"  own work (plan and judge), CPU: {own[0]:.2f} / {statistics.median(own):.2f} / {own[-1]:.2f}"
        f" ms a question (min / median / max); bar {BOOKKEEPING:g} ms"
    )
    return statistics.median(own)


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
        trials = [tried(opened, seed) for seed in (1, 2, 3)]
        opened.close()
    counts = ", ".join(f"{one.bank} {one.counted:,} of {one.entries:,}" for one in report.banks)
    print(f"entries that count: {counts}")
    print(f"written {written:.2f} s, imported from .xlsx {imported:.2f} s")
    print(
        f"checked: {runs[0]:.2f} / {runs[2]:.2f} / {runs[4]:.2f} s (min / median / max of 5); bar {CHECKED:g} s"
    )
    own = told(trials)
    if runs[4] >= CHECKED or own >= BOOKKEEPING:
        sys.exit(1)


if __name__ == "__main__":
    main()
