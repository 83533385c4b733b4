"""Spend: what was used and what it cost, by model and feature."""

from datetime import UTC, datetime

import pytest

from pratique.partners.catalogue import ModelEntry, packaged, read_partners
from pratique.partners.contract import Reply, Usage
from pratique.partners.dialect import Price
from pratique.partners.pool import Pool
from pratique.partners.spend import Spend, cost, price_of

PEAK = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)  # a Monday, 11:30 in Beijing
NIGHT = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)


def price(**fields: object) -> Price:
    """Return a price in yuan."""
    values: dict[str, object] = {"input": 1.0, "output": 4.0, "as_of": "2026-11", "source": "x"}
    return Price(**({"currency": "CNY"} | values | fields))  # type: ignore[arg-type]


def test_a_call_is_priced_by_its_tokens() -> None:
    """In millions; what came from a cache costs its own price, or the full one if none is known."""
    used = Usage(input_tokens=2_000_000, output_tokens=500_000, cached_tokens=1_000_000)
    assert cost(price(cached=0.1), used) == pytest.approx(1.0 + 0.1 + 2.0)
    assert cost(price(), used) == pytest.approx(2.0 + 2.0)


def test_a_long_call_moves_to_the_next_price_as_a_whole() -> None:
    """Tiers by the length of the call."""
    tiers = (price(up_to_tokens=32_000), price(up_to_tokens=128_000, input=2.0))
    assert price_of(tiers, 32_000, NIGHT) is tiers[0]
    assert price_of(tiers, 32_001, NIGHT) is tiers[1]
    assert price_of(tiers, 200_000, NIGHT) is None


@pytest.mark.parametrize(("when", "input_"), [(PEAK, 2.0), (NIGHT, 1.0), (SUNDAY, 1.0)])
def test_a_price_may_depend_on_the_time_of_day(when: datetime, input_: float) -> None:
    """In Beijing's working hours."""
    prices = (price(when="peak", input=2.0), price(when="off_peak"))
    found = price_of(prices, 10, when)
    assert found is not None and found.input == input_


def test_spend_is_counted_by_model_and_feature() -> None:
    """What has no price is counted as such, and currencies are never added up."""
    spend = Spend()
    dear = ModelEntry(id="m", about="", weights="unmodified_api", prices=(price(),))
    free = ModelEntry(id="n", about="", weights="unmodified_api")
    reply = Reply(status="ok", usage=Usage(input_tokens=1_000_000), attempts=2)
    spend.note("p/m", "proofread", dear, reply)
    spend.note("p/m", "proofread", dear, reply)
    spend.note("p/n", "translate", free, reply)
    spend.note("p/m", "translate", dear, Reply(status="auth", attempts=0))
    found = spend.by_feature()
    assert set(found) == {("p/m", "proofread"), ("p/n", "translate")}
    assert found["p/m", "proofread"].amounts == {"CNY": pytest.approx(2.0)}
    assert (found["p/m", "proofread"].calls, found["p/m", "proofread"].attempts) == (2, 4)
    assert (found["p/n", "translate"].unpriced, found["p/n", "translate"].amounts) == (1, {})


def test_what_a_call_costs_is_known_or_said_to_be_unknown() -> None:
    """By the first price that fits; a model in the process costs nothing, one without a price who knows."""
    pool = Pool(read_partners([packaged()]), "CN")
    usage = Usage(input_tokens=1_000_000, output_tokens=0)
    priced = next(
        f"{partner.id}/{model.id}"
        for partner in read_partners([packaged()]).values()
        for model in partner.models
        if model.engine == "remote" and len(model.prices) == 1 and model.prices[0].when == "always"
    )
    assert pool.cost(priced, usage) == pool.candidate(priced).model.prices[0].input
    assert pool.cost("embedded/rules", usage) == 0.0
    free = next(
        f"{partner.id}/{model.id}"
        for partner in read_partners([packaged()]).values()
        for model in partner.models
        if model.engine == "remote" and not model.prices
    )
    assert pool.cost(free, usage) is None
