"""Ceilings: what may be spent in a day or a month, over all replicas; and a second try that costs."""

import asyncio
from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from pratique.errors import Malformed
from pratique.partners.contract import Call, Reply
from pratique.partners.spend import Account
from pratique.rollout.releases import Release
from pratique.rollout.tally import counts_of
from pratique.serving.hedging import LEAST
from pratique.settings.workspace import CONFIGURATION, open_workspace
from pratique.web.app import app_of
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.rollout.conftest import CANDIDATE, FEATURE, approve, digest, release, rules
from tests.web.test_api import BODY, CONTEXT, PATH, Client, problem, unlimited

__all__ = ["approve", "digest", "release", "rules"]

GOOD = '{"summary": "The pool is closed on Friday."}'
CEILINGS = """
[[spend]]
per = "day"
amount = 5.0
currency = "CNY"
partner = "embedded"
feature = "summarize"
[[spend]]
per = "month"
amount = 8.0
currency = "CNY"
"""


@pytest.fixture
def opened(opened: Opened) -> Opened:
    """A workspace whose market may spend so much."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    path.write_text(path.read_text() + CEILINGS)
    return opened


@pytest.fixture
def service(opened: Opened, release: Release, monkeypatch: pytest.MonkeyPatch) -> Service:
    """What the application serves."""
    found = unlimited(Service(opened, "CN"))
    model = RoteModel(CANDIDATE, lambda _: GOOD)
    monkeypatch.setattr(found.pool, "model", lambda *_: model)
    return found


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """The application with a model that answers by rote."""
    with TestClient(app_of(service)) as found:
        yield found


def spend(service: Service, clock: Clock, amount: float, **about: str) -> None:
    """Let *service* have spent *amount*."""
    day = clock.time.date().isoformat()
    account = Account(day, "embedded", FEATURE, "CNY")._replace(**about)
    service.pool.spend.add({account: amount})


def test_what_is_spent_by_all_replicas_closes_a_feature_for_the_day(
    client: Client, service: Service, opened: Opened, clock: Clock
) -> None:
    """Two replicas share the ceiling; it is told as a quota, and is over with the day."""
    other = Service(opened, "CN")
    spend(service, clock, 2.5)
    spend(service, clock, 9.0, currency="USD")
    spend(other, clock, 2.0)
    other.ceilings.refresh()
    assert client.post(PATH, json=BODY).status_code == 200
    spend(other, clock, 0.5)
    other.ceilings.refresh()
    answer = client.post(PATH, json=BODY)
    assert problem(answer) == (429, "quota_reached")
    found = client.get(f"{PATH}/availability", params={"locale": "en", **CONTEXT}).json()
    assert (found["available"], found["reason"]) == (False, "quota_reached")
    clock.go_on(days=1)
    assert client.post(PATH, json=BODY).status_code == 200


def test_a_month_adds_up_over_features_and_partners(
    client: Client, service: Service, clock: Clock
) -> None:
    """A ceiling that names nobody counts everybody, whatever day it was."""
    spend(service, clock, 4.0, partner="harbour", feature="translate")
    clock.go_on(days=1)
    spend(service, clock, 4.0)
    assert problem(client.post(PATH, json=BODY)) == (429, "quota_reached")
    clock.go_on(days=28)
    assert client.post(PATH, json=BODY).status_code == 200


def test_what_cannot_be_stored_counts_all_the_same(
    service: Service, opened: Opened, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The amounts wait for the store, and are stored once."""
    path = opened.database.file
    assert path is not None
    opened.database.close()
    away = path.rename(path.with_suffix(".away"))
    spend(service, clock, 5.0)
    assert service.ceilings.refusal("embedded", FEATURE) is not None
    assert service.ceilings.refusal("harbour", FEATURE) is None
    away.rename(path)
    service.ceilings.refresh()
    service.ceilings.refresh()
    assert Service(opened, "CN").ceilings.refusal("embedded", FEATURE) is not None
    assert sum(service.ceilings._known.values()) == 5.0 and not service.pool.spend.unstored


@pytest.mark.parametrize(
    ("old", "new"), [("amount = 5.0", "amount = 0.0"), ('"embedded"\nf', '"embeded"\nf')]
)
def test_a_ceiling_that_would_hold_nothing_is_refused(opened: Opened, old: str, new: str) -> None:
    """A slip in a name would let everything through."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Malformed, match="spend"):
        opened.workspace.market("CN")


class Slow(RoteModel):
    """A model that never answers one of its calls."""

    slow_at = LEAST

    async def complete(self, call: Call) -> Reply:
        """Wait, at that call."""
        if len(self.calls) == self.slow_at:
            self.calls.append(call)
            await asyncio.Event().wait()
        return await super().complete(call)


@pytest.mark.usefixtures("release")
def test_a_slow_partner_is_asked_again_only_where_the_workspace_says_so(
    opened: Opened, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both calls cost, so it is off unless somebody sets it; and its own pace says what is slow."""
    assert opened.workspace.configuration.serve.hedge_percentile == 0
    path = opened.workspace.folder / CONFIGURATION
    path.write_text(path.read_text().replace("[serve]\n", "[serve]\nhedge_percentile = 95\n"))
    again = Opened(open_workspace(opened.workspace.folder), who="ada", clock=clock)
    service = unlimited(Service(again, "CN"))
    model = Slow(CANDIDATE, lambda _: GOOD)
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    with TestClient(app_of(service)) as client:
        for _ in range(LEAST + 1):
            assert client.post(PATH, json=BODY).json()["status"] == "ok"
    assert len(model.calls) == LEAST + 2
    again.close()


def test_a_halt_rule_about_spend_sees_what_each_answer_costs(
    opened: Opened, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its price where that is known; else it is counted as not known."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    rule = 'halt_rules = [{ signal = "spend", limit = 0.02, most = 1.0 }]\n'
    path.write_text(rule + path.read_text())
    again = Opened(open_workspace(opened.workspace.folder), who="ada", clock=opened.clock)
    service = unlimited(Service(again, "CN"))
    model = RoteModel(CANDIDATE, lambda _: GOOD)
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    costs: list[float | None] = [0.5, None]
    monkeypatch.setattr(service.pool, "cost", lambda *_: costs.pop(0))
    with TestClient(app_of(service)) as client:
        assert [client.post(PATH, json=BODY).status_code for _ in range(2)] == [200, 200]
    with opened.database.connect() as connection:
        counts = counts_of(connection, release.id)
    assert (counts.requests, counts.spend, counts.unpriced) == (2, 0.5, 1)
