"""Against: only the challenger is called, on the incumbent's kept answers, and the verdict is made again."""

import asyncio
import json
from collections.abc import Callable

import msgspec
import pytest

from pratique.assessment.against import Pair
from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment
from pratique.assessment.planning import plan
from pratique.assessment.preferring import Preference
from pratique.assessment.recompute import recompute
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.partners.pool import Pool
from pratique.workspace.opened import Opened
from tests.assessment.test_judging import HOUSE
from tests.conftest import RoteModel

STANDARD = """
id = "judged"
about = "A bar that both clear, and a gap that matters."
alpha = 0.05
family = "bonferroni"
truth = "bank"

[pair]
margin = 0.1

[[requirements]]
feature = "priority"
bar = 0.5
"""

INCUMBENT, CHALLENGER = "embedded/rules", "embedded/smollm2-135m"


@pytest.fixture
def shop(opened: Opened) -> Opened:
    """A workspace with one feature, two candidates, and a partner that may judge."""
    folder = opened.workspace.folder
    path = folder / "markets" / "CN.toml"
    text = path.read_text()
    text = text.replace(
        'features = ["proofread", "summarize", "smart_reply", "priority"]',
        'features = ["priority"]',
    )
    text = text.replace('"embedded/gemma3-270m", ', "")
    path.write_text(text.replace('standard = "embedded"', 'standard = "judged"'))
    for name in ("partners", "standards"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "partners" / "house.toml").write_text(HOUSE)
    (folder / "standards" / "judged.toml").write_text(STANDARD)
    return opened


def models(
    shop: Opened, monkeypatch: pytest.MonkeyPatch, errs: Callable[[int], bool]
) -> dict[str, RoteModel]:
    """Put models in the candidates' places: the incumbent is right, the challenger errs as told."""
    urgent = {}
    for suite in plan(shop.workspace, offer(shop.workspace, "CN"), seed=1).suites.values():
        for sample in suite.samples:
            item = sample.input["item"]
            assert isinstance(item, dict)
            key = item["title"], item["body"].replace("\n", " ")
            urgent[key] = bool(sample.target.urgent), suite.locale
    asked = []

    def right(text: str) -> str:
        item = msgspec.json.decode(text)["input"]["item"]
        urgently, _ = urgent[item["title"], item["body"].replace("\n", " ")]
        reason = "safety" if urgently else "not_urgent"
        return json.dumps({"urgent": urgently, "reason_code": reason})

    def erring(text: str) -> str:
        _, title, body, *_ = text.split(" | ")
        urgently, locale = urgent[title, body]
        asked.append(text)
        word = urgently ^ errs(len(asked))
        return {"en": ("later", "now"), "zh-Hans": ("稍后", "立即")}[locale][word]

    def prefers(text: str) -> str:
        return json.dumps({"better": "tie", "sure": True, "why": "alike"})

    found = {
        INCUMBENT: RoteModel(INCUMBENT, right),
        CHALLENGER: RoteModel(CHALLENGER, erring),
        "house/quick": RoteModel(
            "house/quick",
            lambda text: (
                prefers(text)
                if "second" in text.lower() or "第二" in text
                else json.dumps({"grade": 4, "sure": True, "why": "fine"})
            ),
        ),
    }
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])
    return found


def assessed(shop: Opened, incumbent: str = "") -> Assessment:
    """Assess the market, against *incumbent* if there is one."""
    offered = offer(shop.workspace, "CN")
    planned = plan(shop.workspace, offered, seed=1, incumbent=incumbent)
    return asyncio.run(assess(shop, planned, lambda _: None))


def pairs_of(found: Assessment) -> tuple[Pair, ...]:
    """Return the pairs of an assessment that has some."""
    assert isinstance(found.pairs, tuple)
    return found.pairs


def sound(shop: Opened, found: Assessment) -> bool:
    """Say whether the store gives what was found."""
    with shop.database.connect() as connection:
        return not recompute(connection, found)


@pytest.mark.parametrize(("errs", "verdict"), [(lambda n: n % 2 == 0, "A"), (lambda _: False, "?")])
def test_only_the_challenger_is_called(
    shop: Opened, monkeypatch: pytest.MonkeyPatch, errs: Callable[[int], bool], verdict: str
) -> None:
    """A worse one is told apart; of an equal one no sign is ever given."""
    found = models(shop, monkeypatch, errs)
    assert assessed(shop).pairs is msgspec.UNSET
    called = len(found[INCUMBENT].calls)
    second = assessed(shop, INCUMBENT)
    assert len(found[INCUMBENT].calls) == called
    for pair in pairs_of(second):
        assert pair.samples <= pair.kept and pair.verdict != "B"
        assert (
            pair.verdict == verdict
            or (verdict == "?" and pair.verdict != "A")
            or (pair.samples == pair.kept)
        )
    assert sound(shop, second)
    first = pairs_of(second)[0]
    lied = msgspec.structs.replace(first, verdict="B")
    assert not sound(shop, msgspec.structs.replace(second, pairs=(lied,)))


def test_a_judge_of_pairs_tells_what_it_prefers(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its order and with lengths taken out; kept, so that nobody is asked twice."""
    path = shop.workspace.folder / "standards" / "judged.toml"
    path.write_text(path.read_text() + 'judge = { cheap = "house/quick" }\n')
    found = models(shop, monkeypatch, lambda n: n % 3 == 0)
    assessed(shop)
    second = assessed(shop, INCUMBENT)
    for pair in pairs_of(second):
        told = pair.preference
        assert isinstance(told, Preference) and told.pairs == pair.samples and told.left == 0
        assert told.order is not None and told.order.share == 0.5
        assert told.length is not None and told.length.raw == 0.5
    asked = len(found["house/quick"].calls)
    assert assessed(shop, INCUMBENT) == second
    assert len(found["house/quick"].calls) == asked


def test_an_incumbent_that_cannot_be_one_is_refused(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is no candidate, who has no kept answer, and a standard without a margin."""
    found = models(shop, monkeypatch, lambda _: False)
    with pytest.raises(NotFound, match="no candidate"):
        assessed(shop, "embedded/none")
    with pytest.raises(NotAllowed, match="is kept"):
        assessed(shop, INCUMBENT)
    path = shop.workspace.folder / "standards" / "judged.toml"
    path.write_text(path.read_text().replace("[pair]\nmargin = 0.1\n", ""))
    with pytest.raises(Malformed, match="no margin"):
        assessed(shop, INCUMBENT)
    assert not any(one.calls for one in found.values())
