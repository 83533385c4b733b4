"""The store down: a service answers by what it last knew until the lease ends, and then it is off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from litestar.testing import TestClient

from pratique.people.api_keys import issue
from pratique.rollout.releases import Release
from pratique.web.app import app_of
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.rollout.conftest import CANDIDATE, approve, digest, release, rules, until
from tests.web.test_api import BODY, CONTEXT, PATH, Client, unlimited

__all__ = ["approve", "digest", "release", "rules", "until"]


@pytest.fixture
def service(opened: Opened, release: Release, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service that runs."""
    found = unlimited(Service(opened, "CN"))
    model = RoteModel(CANDIDATE, lambda _: '{"summary": "The pool is closed on Friday."}')
    monkeypatch.setattr(found.pool, "model", lambda *_: model)
    found.start()
    return found


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """The application."""
    with TestClient(app_of(service)) as found:
        yield found


@pytest.fixture
def headers(opened: Opened) -> dict[str, str]:
    """What an operator's back end sends."""
    with opened.database.begin() as connection:
        _, token = issue(connection, "back end", ["operator"], opened.clock())
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def store_down(opened: Opened) -> Iterator[None]:
    """Take the database away for a while."""
    path = opened.database.file
    assert path is not None
    opened.database.close()
    away = path.rename(path.with_suffix(".away"))
    yield
    away.rename(path)


def test_a_service_answers_without_its_store_until_the_lease_ends(
    client: Client,
    service: Service,
    opened: Opened,
    clock: Clock,
    headers: dict[str, str],
    until: Callable[[Callable[[], bool]], None],
) -> None:
    """Requests, flags and questions go on for callers that are known; then everything is off."""

    def ask() -> tuple[int, object]:
        answer = client.post(PATH, json=BODY, headers=headers)
        return answer.status_code, answer.json().get("code", answer.json().get("status"))

    def flag() -> object:
        context = {"targetingKey": "d1", "device_region": "CN", "account_region": "CN"}
        address = "/ofrep/v1/evaluate/flags/summarize.en"
        answer = client.post(address, json={"context": context}, headers=headers)
        return answer.json()["value"]

    assert ask() == (200, "ok")
    # Until the key is no longer fresh, nobody would ask the store for it.
    service.keyring.fresh = 0.0
    with store_down(opened):
        assert [ask() for _ in range(5)] == [(200, "ok")] * 5
        assert flag() is True
        assert client.get("/health/ready").status_code == 200
        asked = client.get(
            f"{PATH}/availability", params={"locale": "en", **CONTEXT}, headers=headers
        )
        assert asked.json()["available"]
        assert client.get("/v1/models", headers=headers).json()["data"]
        stranger = {"Authorization": "Bearer pq_unknown"}
        assert client.post(PATH, json=BODY, headers=stranger).status_code == 503
        clock.go_on(seconds=int(service.settings.lease_seconds) + 1)
        assert ask() == (403, "not_approved")
        assert flag() is False
        assert client.get("/health/ready").status_code == 503
    until(lambda: ask() == (200, "ok"))
