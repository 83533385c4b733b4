"""Screening by the pack in force: swapped while the service runs, and never nothing at all."""

from collections.abc import Callable, Iterator

import pytest
from litestar.testing import TestClient

from pratique.rollout.pack_steps import activate, rollback
from pratique.rollout.packs import screening_acts
from pratique.screening.entries import Entry
from pratique.screening.pack import pack_of
from pratique.screening.signed import signed
from pratique.screening.starter import starter
from pratique.web.app import app_of
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.rollout.conftest import CANDIDATE, LOCALE, approve, digest, release, rules, until
from tests.web.test_api import BODY, CONTEXT, PATH, Client, problem, unlimited

__all__ = ["approve", "digest", "release", "rules", "until"]

PHRASE = "Zinnia Harbour ledger"
SAID = BODY | {"input": {"text": f"About the {PHRASE}.", "kind": "article", "length": "short"}}
ASKED = {"locale": LOCALE, **CONTEXT}


@pytest.fixture
def service(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Service:
    """What the application serves."""
    found = unlimited(Service(opened, "CN"))
    model = RoteModel(CANDIDATE, lambda _: '{"summary": "The pool is closed on Friday."}')
    monkeypatch.setattr(found.pool, "model", lambda *_: model)
    return found


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """The application with a model that answers by rote."""
    with TestClient(app_of(service)) as found:
        yield found


def add(opened: Opened) -> None:
    """Put a version into force that holds one phrase more."""
    entries = (*starter().entries, Entry(id="harbour", phrase=PHRASE, risk="A.1a"))
    made = opened.clock().date().isoformat()
    pack = pack_of(entries, id="list", version="2", made=made)
    activate(opened, opened.workspace.market("CN"), signed(pack, opened.key))


@pytest.mark.usefixtures("release")
def test_a_new_version_screens_from_the_next_request_on(client: Client, opened: Opened) -> None:
    """And so does the one before, once the new one is rolled back."""
    assert client.post(PATH, json=SAID).json()["reason"] == ""
    add(opened)
    found = client.post(PATH, json=SAID).json()
    assert (found["status"], found["reason"]) == ("blocked", "input_screened")
    assert found["said"]["text"] and found["output"] is None
    rollback(opened, opened.workspace.market("CN"), "it refuses a harbour")
    assert client.post(PATH, json=SAID).json()["reason"] == ""


@pytest.mark.usefixtures("release")
def test_a_service_that_runs_takes_a_new_version_by_itself(
    service: Service, client: Client, opened: Opened, until: Callable[[Callable[[], bool]], None]
) -> None:
    """Within a look into the store; what was compiled for it is used until the next version."""
    service.start()
    before = service.guard
    client.post(PATH, json=SAID)
    assert service.guard is before
    add(opened)
    until(lambda: service.guard is not before)
    assert client.post(PATH, json=SAID).json()["reason"] == "input_screened"


@pytest.mark.usefixtures("release")
def test_without_a_pack_in_force_everything_is_off(client: Client, opened: Opened) -> None:
    """Never unfiltered: the request is refused in the gate's words, and so are flags and questions."""
    with opened.database.begin() as connection:
        connection.execute(screening_acts.delete())
    answer = client.post(PATH, json=BODY)
    assert problem(answer) == (403, "feature_halted")
    assert "no screening pack is in force" in answer.json()["detail"]
    assert "screen activate" in answer.json()["hint"]
    found = client.get(f"{PATH}/availability", params=ASKED).json()
    assert (found["available"], found["reason"]) == (False, "feature_halted")
    context = {"targetingKey": "d1", "device_region": "CN", "account_region": "CN"}
    flag = client.post("/ofrep/v1/evaluate/flags/summarize.en", json={"context": context}).json()
    assert (flag["value"], flag["reason"]) == (False, "DISABLED")


@pytest.mark.usefixtures("release")
def test_a_pack_that_had_its_last_day_is_none(client: Client, opened: Opened, clock: Clock) -> None:
    """The policy's days count, though nobody did anything."""
    clock.go_on(days=opened.workspace.market("CN").screening_days + 1)
    answer = client.post(PATH, json=BODY)
    assert problem(answer) == (403, "feature_halted")
    assert "was good until" in answer.json()["detail"]
