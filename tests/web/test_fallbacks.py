"""Fallbacks: who stands in was approved, too, says so in each answer, and is switched to under load."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from litestar.testing import TestClient

from pratique.errors import Tampered, Unavailable
from pratique.filing.approving import enter_approval
from pratique.filing.filings import Filing, list_filings
from pratique.partners.contract import Model, Reply
from pratique.rollout import steps
from pratique.rollout.halts import Scope
from pratique.rollout.pack_steps import begin
from pratique.settings.workspace import open_workspace
from pratique.web.app import app_of
from pratique.web.service import Service
from pratique.workspace.init import init
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.filing.test_filings import DOCUMENT, RULES, SECOND, ranked
from tests.rollout.conftest import FEATURE, LOCALE, until
from tests.web.test_api import BODY, PATH, Client, problem, unlimited
from tests.web.test_streaming import EVENTS, events

__all__ = ["until"]

GOOD = '{"summary": "The pool is closed on Friday."}'


class Partners:
    """Two models by rote; a test says what the first one answers."""

    def __init__(self) -> None:
        self.first: Callable[[], str | Reply] = lambda: Reply(status="overloaded")
        self.models = {
            RULES: RoteModel(RULES, lambda _: self.first()),
            SECOND: RoteModel(SECOND, lambda _: GOOD),
        }

    def model(self, name: str, _snapshot: str) -> Model:
        """Return one of them, as the pool does."""
        return self.models[name]

    @property
    def asked(self) -> list[int]:
        """How often each was asked."""
        return [len(one.calls) for one in self.models.values()]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one who serves and one who stands in, approved and released to everybody."""
    clock = Clock()
    folder = tmp_path_factory.mktemp("fallbacks") / "shop"
    opened = Opened(init(folder, rehearsal=True, clock=clock), who="ada", clock=clock)
    begin(opened)
    found = ranked(opened, {RULES: "meets", SECOND: "meets"})
    enter_approval(
        opened,
        found.id,
        number="N-1",
        issued=date(2026, 11, 2),
        expires=date(2027, 2, 1),
        document_sha256=DOCUMENT,
    )
    rules = steps.gate_rules(opened, "CN")
    chosen = steps.approved_digest(opened, rules, FEATURE, LOCALE)
    assert chosen == found.variants[0].digest
    for _ in steps.start(opened, rules, chosen).stages[1:]:
        steps.advance(opened, "CN", FEATURE, LOCALE)
    opened.close()
    return folder


@pytest.fixture
def opened(shop: Path, tmp_path: Path, clock: Clock) -> Iterator[Opened]:
    """A copy of that workspace, opened."""
    shutil.copytree(shop, tmp_path / "shop")
    found = Opened(open_workspace(tmp_path / "shop"), who="ada", clock=clock)
    yield found
    found.close()


@pytest.fixture
def filing(opened: Opened) -> Filing:
    """What was filed."""
    with opened.database.connect() as connection:
        (found,) = list_filings(connection, "CN")
    return found


@pytest.fixture
def partners() -> Partners:
    """The models."""
    return Partners()


@pytest.fixture
def service(opened: Opened, partners: Partners, monkeypatch: pytest.MonkeyPatch) -> Service:
    """What the application serves."""
    found = unlimited(Service(opened, "CN"))
    monkeypatch.setattr(found.pool, "model", partners.model)
    return found


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """The application."""
    with TestClient(app_of(service)) as found:
        yield found


def test_an_answer_names_whoever_gave_it(client: Client, filing: Filing) -> None:
    """Model and digest are those of the fallback; the release and its approval stay."""
    found = client.post(PATH, json=BODY).json()
    assert (found["status"], f"{found['partner']}/{found['model']}") == ("ok", SECOND)
    assert found["digest"] == filing.variants[1].digest
    assert (found["filing_no"], found["release"]) == ("N-1", f"CN-{FEATURE}-{LOCALE}-1")
    stream = events(client.post(PATH, json=BODY, headers=EVENTS).text)
    assert {data["model"] for name, data in stream if name in ("meta", "final")} == {
        SECOND.partition("/")[2]
    }
    chat = {
        "model": FEATURE,
        "messages": [{"role": "user", "content": "The pool is closed on Friday."}],
        "metadata": {"locale": LOCALE, **dict(BODY["context"])},  # type: ignore[call-overload]
    }
    marks = client.post("/v1/chat/completions", json=chat).json()["pratique"]
    assert marks["digest"] == filing.variants[1].digest


def test_a_refusal_is_the_last_word(client: Client, partners: Partners) -> None:
    """Nobody else is asked for what the first one will not say."""
    partners.first = lambda: Reply(status="refused")
    assert client.post(PATH, json=BODY).json()["status"] == "refused"
    assert partners.asked == [1, 0]


def test_a_fallback_whose_partner_is_halted_is_not_asked(
    client: Client, service: Service, partners: Partners, opened: Opened
) -> None:
    """A halt counts for who stands in as for who serves."""
    state = service.gate.state
    (behind,) = state.cells[FEATURE, LOCALE].fallbacks[0]
    assert behind.digest and behind.halts == ()
    steps.order_halt(opened, "CN", Scope(partner="embedded", app_category="mail"), "drill")
    context = {**dict(BODY["context"]), "app_category": "notes"}  # type: ignore[call-overload]
    assert client.post(PATH, json=BODY | {"context": context}).json()["status"] == "ok"
    answer = client.post(PATH, json=BODY | {"context": {**context, "app_category": "mail"}})
    assert problem(answer) == (403, "feature_halted")


def test_without_one_that_can_be_called_the_problem_stays(
    client: Client, service: Service, partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model at another snapshot is not what was approved."""

    def model(name: str, snapshot: str) -> Model:
        if name == SECOND:
            raise Tampered("it is at another snapshot")
        return partners.model(name, snapshot)

    monkeypatch.setattr(service.pool, "model", model)
    assert problem(client.post(PATH, json=BODY)) == (503, "partner_unavailable")
    assert partners.asked == [1, 0]


def test_a_switch_under_load_loses_no_request(
    client: Client,
    service: Service,
    partners: Partners,
    opened: Opened,
    filing: Filing,
    until: Callable[[Callable[[], bool]], None],
) -> None:
    """Four clients ask all the while: each answer is whole, by the old variant or by the new one."""
    partners.first = lambda: GOOD
    service.start()
    seen: set[tuple[int, str]] = set()
    ends = threading.Event()

    def load() -> None:
        while not ends.is_set():
            answer = client.post(PATH, json=BODY)
            body = answer.json()
            seen.add((answer.status_code, str(body.get("digest", body.get("code")))))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    first, second = ((200, one.digest) for one in filing.variants)
    try:
        until(lambda: first in seen)
        rules = steps.gate_rules(opened, "CN")
        steps.switch(opened, rules, FEATURE, LOCALE, reason="drill", digest=None)
        until(lambda: second in seen)
    finally:
        ends.set()
        for thread in threads:
            thread.join()
    assert seen == {first, second}
    answer = client.post(PATH, json=BODY).json()
    assert (answer["digest"], answer["release"][-2:]) == (second[1], "-2")


def test_nothing_falls_back_to_what_was_left(
    client: Client, partners: Partners, opened: Opened
) -> None:
    """After a switch the one before it is out, however well it may answer by now."""
    partners.first = lambda: GOOD
    rules = steps.gate_rules(opened, "CN")
    steps.switch(opened, rules, FEATURE, LOCALE, reason="drill", digest=None)
    partners.models[SECOND] = RoteModel(SECOND, lambda _: Reply(status="overloaded"))
    assert problem(client.post(PATH, json=BODY)) == (503, "partner_unavailable")
    assert partners.asked == [0, 1]


def test_a_service_names_releases_whose_partner_has_no_key_here(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first request fails: `pratique serve` warns of them."""
    assert service.without_key() == []

    def without(name: str) -> None:
        raise Unavailable(f"the partner of `{name}` has no key", hint="set it")

    monkeypatch.setattr(service.pool, "require_key", without)
    (said,) = service.without_key()
    assert "cannot answer" in said and "has no key; set it" in said
