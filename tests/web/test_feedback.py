"""Feedback: one word about an answer of ours, counted once and under its release."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from pratique.rollout.feedback import MOST_DAYS, feedback_on, seen
from pratique.rollout.tally import counts_of
from pratique.web.app import app_of
from pratique.web.names import Names
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.rollout.conftest import CANDIDATE, approve, digest, release, rules
from tests.web.test_api import BODY, PATH, Client, problem, unlimited

__all__ = ["approve", "digest", "release", "rules"]


class Signer:
    """Signs by repeating."""

    key_id = "k"

    def sign(self, message: bytes) -> bytes:
        """Return what is always the same for the same bytes."""
        return message[::-1]


@given(
    release=st.from_regex(r"[A-Za-z0-9_.-]{1,60}", fullmatch=True),
    at=st.integers(0, 200),
    character=st.characters(min_codepoint=33, max_codepoint=126),
)
def test_a_name_leads_to_its_release_and_no_other_name_does(
    release: str, at: int, character: str
) -> None:
    """Whatever character of it is changed, it is none of ours."""
    names = Names(Signer())
    name = names.give(release, Clock().time)
    found = names.read(name)
    assert found is not None and (found.release, found.day) == (release, Clock().time.date())
    at %= len(name)
    other = name[:at] + character + name[at + 1 :]
    assert other == name or names.read(other) is None


@pytest.fixture
def service(opened: Opened) -> Service:
    """What the application serves."""
    found = unlimited(Service(opened, "CN"))
    return found


@pytest.fixture
def client(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The application with a model that answers by rote."""
    model = RoteModel(CANDIDATE, lambda _: '{"summary": "The pool is closed on Friday."}')
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    with TestClient(app_of(service)) as found:
        yield found


@pytest.mark.usefixtures("release")
def test_the_first_word_about_an_answer_counts(
    client: Client, service: Service, opened: Opened
) -> None:
    """Under its release, and as a complaint for the halt rules; a second word changes nothing."""
    for reason in ("unsafe", "wrong", "helpful"):
        answered = client.post(PATH, json=BODY).json()
        body = {"request_id": answered["request_id"], "reason": reason}
        given_ = [client.post("/v1/feedback", json=body).json() for _ in range(2)]
        assert [one["counted"] for one in given_] == [True, False]
        assert given_[0]["release"] == answered["release"]
    service.gate.tally.flush(opened.clock())
    with opened.database.connect() as connection:
        said = feedback_on(connection, answered["release"])
        counts = counts_of(connection, answered["release"])
    assert said.reasons == {"unsafe": 1, "wrong": 1, "helpful": 1} and said.complaints == 2
    assert (counts.requests, counts.complaints) == (3, 2)


@pytest.mark.usefixtures("release")
def test_feedback_on_nothing_of_ours_is_not_found(client: Client, clock: Clock) -> None:
    """An invented name, one that is too old, one of a problem; and no free text is taken."""
    name = client.post(PATH, json=BODY).json()["request_id"]
    for bad in ("req-1", "", name[:-1], "req-CN.1.2.3", "é" * 30, "x" * 5_000):
        answer = client.post("/v1/feedback", json={"request_id": bad, "reason": "wrong"})
        assert problem(answer) == (404, "not_found")
    for body in ({"request_id": name, "reason": "it was silly"}, {"request_id": name}, {}):
        assert problem(client.post("/v1/feedback", json=body)) == (400, "invalid_request")
    more = {"request_id": name, "reason": "wrong", "text": "canary"}
    assert problem(client.post("/v1/feedback", json=more)) == (400, "invalid_request")
    clock.go_on(days=MOST_DAYS + 1)
    old = client.post("/v1/feedback", json={"request_id": name, "reason": "wrong"})
    assert problem(old) == (404, "not_found")


@pytest.mark.usefixtures("release")
def test_names_of_requests_are_forgotten(client: Client, opened: Opened, clock: Clock) -> None:
    """As long as feedback is taken, and not a day longer."""
    for days in (0, MOST_DAYS + 1):
        clock.go_on(days=days)
        name = client.post(PATH, json=BODY).json()["request_id"]
        client.post("/v1/feedback", json={"request_id": name, "reason": "wrong"})
    with opened.database.connect() as connection:
        assert [row.request_id for row in connection.execute(seen.select())] == [name]
