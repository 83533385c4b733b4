"""Three people at the console of a workspace in which one feature is released."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import insert, select

from pratique.people.accounts import add
from pratique.people.passwords import passwords, set_password
from pratique.web.app import app_of
from pratique.web.front import Front
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.rollout.conftest import CANDIDATE, approve, digest, release, rules

__all__ = ["approve", "digest", "release", "rules"]

PASSWORD = "five words nobody puts together"
PEOPLE = {"vera": ["viewer"], "rolf": ["reviewer"], "olga": ["operator", "reviewer"]}
ADDRESS = "http://127.0.0.1:8321"


class Browser:
    """Somebody at the console: keeps cookies, and sends what the forms of the pages carry."""

    def __init__(self, client: TestClient[Front]) -> None:
        self.client = client

    def get(self, path: str, **query: Any) -> Response:
        """Open a page."""
        return self.client.get(path, params=query or None, follow_redirects=False)

    def csrf(self, path: str = "/console/login") -> str:
        """Return what the forms of a page carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, page: str = "/console", **fields: str) -> Response:
        """Send a form of *page*."""
        data = {"csrf": self.csrf(page), **fields}
        return self.client.post(path, data=data, follow_redirects=False)

    def log_in(self, name: str, password: str = PASSWORD, onto: str = "/console") -> Response:
        """Send the login form."""
        return self.post(
            "/console/login", "/console/login", name=name, password=password, onto=onto
        )


@pytest.fixture
def service(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service, with a model that answers by rote."""
    found = Service(opened, "CN")
    model = RoteModel(CANDIDATE, lambda _: '{"summary": "The pool is closed on Friday."}')
    monkeypatch.setattr(found.pool, "model", lambda *_: model)
    return found


@pytest.fixture
def browser(service: Service) -> Iterator[Browser]:
    """Somebody who has not logged in, in a workspace of three people."""
    now = service.opened.clock()
    with service.opened.database.begin() as connection:
        for name, roles in PEOPLE.items():
            add(connection, name, roles, now)
        set_password(connection, "vera", PASSWORD, now)
        # Stretching a password takes its time: the others have the very same.
        row = connection.execute(select(passwords)).mappings().one()
        others = [{**row, "account": name} for name in PEOPLE if name != "vera"]
        connection.execute(insert(passwords), others)
    with TestClient(app_of(service), base_url=ADDRESS) as client:
        yield Browser(client)
