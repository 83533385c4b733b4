"""The phone: asks the service's own API in the operator's session, and never with a key on a page."""

import html
import json
import re
from typing import Any

import pytest

from pratique.assessment.candidates import offer
from pratique.people.api_keys import issue
from pratique.rollout import steps
from pratique.web.service import Service
from pratique.web.within import is_within, token
from tests.rollout.conftest import CANDIDATE, FEATURE, LOCALE
from tests.web.console.conftest import Browser
from tests.web.test_every_feature import turn_on

BODY: dict[str, object] = {
    "locale": LOCALE,
    "input": {
        "text": "The pool is closed on Friday. Bring your own water.",
        "kind": "article",
        "length": "short",
    },
    "context": {"device_region": "CN", "account_region": "CN", "targeting_key": "d1"},
}
PATH = f"/console/try/features/{FEATURE}"


def setup(browser: Browser) -> dict[str, Any]:
    """Return what the page hands to its script."""
    page = browser.get("/console/try", locale=LOCALE).text
    found: dict[str, Any] = json.loads(html.unescape(re.findall(r'data-setup="([^"]+)"', page)[0]))
    return found


def opened_at(page: str) -> list[str]:
    """Return the apps whose tab is chosen and whose panel is shown."""
    tabs = re.findall(r'id="tab-(\w+)"[^>]*aria-selected="true"', page)
    assert tabs == re.findall(r'id="app-(\w+)" aria-labelledby="tab-\w+">', page)
    return tabs


def release_of(service: Service, name: str, locale: str) -> None:
    """Approve and release the feature *name* to everybody."""
    variant = offer(service.opened.workspace, "CN").variant(name, locale, CANDIDATE)
    turn_on(service.opened, [variant])


def test_the_phone_opens_at_the_first_feature_that_is_on(
    browser: Browser, service: Service
) -> None:
    """In the first locale that has one; where a locale has none, the page says so."""
    browser.log_in("olga")
    none = browser.get("/console/try").text
    assert 'id="none-on"' in none and opened_at(none) == ["notes"]
    release_of(service, "smart_reply", "en")
    page = browser.get("/console/try").text
    assert 'id="none-on"' not in page and opened_at(page) == ["messages"]
    assert setup(browser)["first"] == "smart_reply"
    other = browser.get("/console/try", locale="zh-Hans").text
    assert 'id="none-on"' in other and opened_at(other) == ["notes"]
    steps.halt(service.opened, "CN", "smart_reply", "en", "a drill")
    assert 'id="none-on"' in browser.get("/console/try").text


@pytest.mark.usefixtures("release")
def test_a_feature_is_asked_through_the_same_gate(browser: Browser, service: Service) -> None:
    """The envelope of the API, with label, model and number; also where the API wants a key."""
    with service.opened.database.begin() as connection:
        issue(connection, "phones", ["device"], service.opened.clock())
    assert browser.client.post(f"/v1/features/{FEATURE}", json=BODY).status_code == 401
    browser.log_in("olga")
    held = setup(browser)
    found = browser.client.post(PATH, json=BODY, headers={"X-Pratique-Form": held["csrf"]})
    assert found.status_code == 200, found.text
    envelope = found.json()
    assert envelope["status"] == "ok" and envelope["label"]["visible"]
    assert f"{envelope['partner']}/{envelope['model']}" == CANDIDATE
    assert envelope["filing_no"] == "REHEARSAL-1" and envelope["simulated"] is True
    assert "default-src 'none'" in found.headers["content-security-policy"]
    assert held["keys"][FEATURE] and held["examples"][FEATURE]


@pytest.mark.usefixtures("release")
def test_a_stream_comes_through_as_it_is(browser: Browser) -> None:
    """Event by event, from `meta` to `final`."""
    browser.log_in("olga")
    headers = {"X-Pratique-Form": setup(browser)["csrf"], "Accept": "text/event-stream"}
    found = browser.client.post(PATH, json=BODY, headers=headers)
    assert found.headers["content-type"].startswith("text/event-stream")
    names = re.findall(r"^event: (\w+)$", found.text, re.MULTILINE)
    assert names[0] == "meta" and names[-1] == "final"


@pytest.mark.usefixtures("release")
def test_nobody_else_asks_through_it(browser: Browser) -> None:
    """No session, no operator, no form of the session: no answer."""
    assert browser.client.post(PATH, json=BODY).status_code == 401
    assert browser.client.get(f"{PATH}/availability?locale={LOCALE}").status_code == 401
    for name in ("vera", "rolf"):
        browser.log_in(name)
        assert browser.get("/console/try").status_code == 403
        assert browser.client.post(PATH, json=BODY).status_code == 403
        browser.post("/console/logout")
    browser.log_in("olga")
    for form in ("", "x" * 43):
        refused = browser.client.post(PATH, json=BODY, headers={"X-Pratique-Form": form})
        assert refused.status_code == 403 and refused.json()["code"] == "forbidden"


@pytest.mark.usefixtures("release")
def test_only_features_are_reached(browser: Browser) -> None:
    """What is handed on is an address of a feature, however it is written."""
    browser.log_in("olga")
    headers = {"X-Pratique-Form": setup(browser)["csrf"]}
    for path in (
        "../../health/live",
        "%2e%2e/%2e%2e/health/live",
        "x/../../../schema/openapi.json",
    ):
        found = browser.client.get(f"/console/try/features/{path}", headers=headers)
        assert found.status_code in (303, 404, 405), (path, found.text)
    found = browser.client.post("/console/try/features/none", json=BODY, headers=headers)
    assert (found.status_code, found.json()["code"]) == (404, "unknown_feature")


def test_the_operator_within_stands_on_no_page(browser: Browser) -> None:
    """It opens the API for this process alone."""
    assert is_within(f"Bearer {token()}")
    for other in ("", "Bearer ", f"Bearer {token()}x", "Bearer \ud800", token()):
        assert not is_within(other)
    browser.log_in("olga")
    for path in ("/console", "/console/try"):
        assert token() not in browser.get(path).text


def test_the_page_can_be_kept_on_a_phone(browser: Browser) -> None:
    """The manifest names the page, and nothing of the workspace."""
    found = browser.get("/console/try/manifest.webmanifest")
    assert found.headers["content-type"].startswith("application/manifest+json")
    assert found.json()["start_url"] == "/console/try"
