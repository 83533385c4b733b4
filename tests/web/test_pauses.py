"""Pauses: clearly unlawful input, again and again, is answered nothing for a while, and then forgotten."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from pratique.assessment.candidates import offer
from pratique.partners.contract import Reply
from pratique.regimes.regime import load_regime
from pratique.rollout import steps
from pratique.rollout.pack_steps import activate
from pratique.screening.entries import Entry
from pratique.screening.pack import pack_of
from pratique.screening.signed import signed
from pratique.screening.starter import starter
from pratique.screening.suspensions import screening_offences
from pratique.serving.variant import digest_of
from pratique.web.app import app_of
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.web.test_api import Client, unlimited
from tests.web.test_chat import BY, CHAT, METADATA, agreed
from tests.web.test_every_feature import CANDIDATE, approve, whole_market

PHRASE = "zinnia harbour ledger"
IN_A_ROW = int(load_regime("cn-cac").abuse.consecutive.value)


@pytest.fixture
def model() -> RoteModel:
    """Whoever answers."""
    return RoteModel(CANDIDATE, lambda _: Reply(status="refused"))


@pytest.fixture
def client(opened: Opened, model: RoteModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The application with a conversation that is on, and a phrase that the law forbids."""
    whole_market(opened)
    one = offer(opened.workspace, "CN").variant("assistant", "en", BY["assistant"])
    approve(opened, [one])
    rules = steps.gate_rules(opened, "CN")
    for _ in steps.start(opened, rules, digest_of(one)).stages[1:]:
        steps.advance(opened, "CN", "assistant", "en")
    entries = (*starter().entries, Entry(id="drugs-900", phrase=PHRASE, risk="A.1h"))
    made = opened.clock().date().isoformat()
    pack = pack_of(entries, id="list", version="2", made=made)
    activate(opened, opened.workspace.market("CN"), signed(pack, opened.key))
    service = unlimited(Service(opened, "CN"))
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    with TestClient(app_of(service)) as found:
        yield found


def say(client: Client, opened: Opened, text: str, device: str = "d1") -> dict[str, object]:
    """Send one message and return what the answer says of itself."""
    body = {
        "model": "assistant",
        "messages": [{"role": "user", "content": text}],
        "metadata": {**METADATA, "targeting_key": device},
    }
    answer = client.post(CHAT, json=body, headers=agreed(opened, body, device))
    found: dict[str, object] = answer.json()["pratique"]
    return found


def test_who_goes_on_is_answered_nothing_and_comes_back(
    client: Client, opened: Opened, model: RoteModel, clock: Clock
) -> None:
    """So many in a row, as the regime says; nobody else is touched, and a day later it is over."""
    for _ in range(IN_A_ROW):
        assert say(client, opened, f"About the {PHRASE}")["reason"] == "input_screened"
    asked = len(model.calls)
    paused = say(client, opened, "Good morning")
    assert (paused["status"], paused["reason"]) == ("blocked", "suspended")
    assert paused["said"] and len(model.calls) == asked
    assert say(client, opened, "Good morning", "d2")["status"] == "refused"
    clock.go_on(hours=25)
    assert say(client, opened, "Good morning")["status"] == "refused"


def test_one_other_input_between_begins_the_row_anew(client: Client, opened: Opened) -> None:
    """Somebody who stumbles is not somebody who insists."""
    for _ in range(IN_A_ROW - 1):
        say(client, opened, PHRASE)
    say(client, opened, "Good morning")
    say(client, opened, PHRASE)
    assert say(client, opened, "Good morning")["reason"] == ""


def test_nothing_of_user_or_content_is_kept(client: Client, opened: Opened) -> None:
    """A pseudonym, counts and moments; and of who did nothing, nothing at all."""
    say(client, opened, "Good morning", "canary-device")
    with opened.database.connect() as connection:
        assert connection.execute(select(screening_offences)).all() == []
    say(client, opened, PHRASE, "canary-device")
    with opened.database.connect() as connection:
        (row,) = connection.execute(select(screening_offences)).all()
    assert (row.in_a_row, row.suspended_until) == (1, None)
    kept = b"".join(
        path.read_bytes() for path in (opened.workspace.state).rglob("*") if path.is_file()
    )
    assert b"canary-device" not in kept
    assert not any(PHRASE in str(value) for value in row)


def test_another_replica_knows(client: Client, opened: Opened) -> None:
    """What one noted counts on the next, under the same pseudonym."""
    for _ in range(IN_A_ROW):
        say(client, opened, PHRASE)
    other = Service(opened, "CN")
    assert other.pauses.paused("d1") and not other.pauses.paused("d2")
