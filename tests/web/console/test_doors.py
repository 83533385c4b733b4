"""Doors of the console: who comes in, who stays out, and what a page may do in a browser."""

import pytest
from litestar.testing import TestClient

from pratique.people.sessions import IDLE
from pratique.web.app import app_of
from pratique.web.console.router import router
from pratique.web.console.visits import DOOR, SESSION
from pratique.web.service import Service
from tests.conftest import Clock
from tests.rollout.conftest import FEATURE, LOCALE
from tests.web.console.conftest import ADDRESS, PASSWORD, Browser

PAGES = (
    "/console",
    "/console/candidates",
    "/console/partners",
    "/console/partners/embedded",
    "/console/filings",
    "/console/rollout",
    f"/console/rollout/{FEATURE}/{LOCALE}",
    "/console/ledger",
    "/console/ratings",
)
STEPS = (
    ("/console/select", "operator"),
    ("/console/filings/new", "operator"),
    ("/console/partners/embedded/brief", "operator"),
    ("/console/filing/CN-20261102-1/approve", "operator"),
    (f"/console/rollout/{FEATURE}/{LOCALE}/start", "operator"),
    (f"/console/rollout/{FEATURE}/{LOCALE}/advance", "operator"),
    (f"/console/rollout/{FEATURE}/{LOCALE}/halt", "operator"),
    (f"/console/rollout/{FEATURE}/{LOCALE}/resume", "operator"),
    (f"/console/rollout/{FEATURE}/{LOCALE}/sign_off", "approver"),
    ("/console/sign/so-000000000000", "approver"),
    ("/console/halts/order", "operator"),
    ("/console/halts/lift", "operator"),
    ("/console/verdict/run-0000000000000000/mark", "reviewer"),
    ("/console/ratings/rate-000000000000", "reviewer"),
)
FREE = {"/console/login", "/console/logout", "/console/language"}


def test_nobody_sees_a_page_without_a_session(browser: Browser) -> None:
    """Each leads to the login page, and from there back to what was asked for."""
    for path in (*PAGES, "/console/try", "/console/trace?release=x"):
        found = browser.get(path)
        assert found.status_code == 303, path
        assert found.headers["location"].startswith("/console/login")
    found = browser.get("/console/ledger", kind="release")
    assert found.headers["location"] == "/console/login?onto=%2Fconsole%2Fledger%3Fkind%3Drelease"


def test_the_right_password_opens_and_the_cookie_is_for_the_browser_alone(browser: Browser) -> None:
    """No script reads it, no other site sends it."""
    found = browser.log_in("vera", onto="/console/ledger")
    assert (found.status_code, found.headers["location"]) == (303, "/console/ledger")
    kept = next(
        one for one in found.headers.get_list("set-cookie") if one.startswith(f"{SESSION}=")
    )
    assert "HttpOnly" in kept and "SameSite=strict" in kept and "Path=/console" in kept
    assert "Secure" not in kept  # plain HTTP on loopback
    assert browser.get("/console").status_code == 200


def test_beyond_loopback_the_cookie_goes_over_https_only(service: Service) -> None:
    """A session must not travel over an open wire."""
    with TestClient(app_of(service), base_url="https://console.example") as client:
        kept = client.get("/console/login").headers["set-cookie"]
    assert kept.startswith(f"{DOOR}=") and "Secure" in kept


def test_the_login_sends_nobody_elsewhere(browser: Browser) -> None:
    """An address in a link is no place to come out at."""
    for onto in ("https://evil.example/", "//evil.example", "/console/\\evil", "/consolex", "/v1"):
        assert browser.log_in("vera", onto=onto).headers["location"] == "/console"


def test_wrong_passwords_and_strange_forms_stay_outside(browser: Browser) -> None:
    """The same words for a wrong name and a wrong password."""
    wrong = browser.log_in("vera", "not the password at all")
    nobody = browser.log_in("nobody", "not the password at all")
    assert wrong.status_code == nobody.status_code == 403
    assert "the name or the password is wrong" in wrong.text
    assert "the name or the password is wrong" in nobody.text
    data = {"csrf": "0" * 64, "name": "vera", "password": PASSWORD}
    assert browser.client.post("/console/login", data=data).status_code == 403
    assert browser.get("/console").status_code == 303


def test_a_session_ends(browser: Browser, clock: Clock) -> None:
    """By the button, and by itself."""
    browser.log_in("vera")
    assert browser.post("/console/logout").status_code == 303
    assert browser.get("/console").status_code == 303
    browser.log_in("vera")
    clock.go_on(minutes=int(IDLE.total_seconds() // 60) + 1)
    assert browser.get("/console").status_code == 303


def test_without_any_account_the_page_says_how_to_make_one(service: Service) -> None:
    """A new workspace is no riddle."""
    with TestClient(app_of(service), base_url=ADDRESS) as client:
        page = client.get("/console/login").text
    assert "pratique people add" in page and "pratique people password" in page


def test_every_form_is_tried_below() -> None:
    """A new address that changes something is tested by being there."""
    tried = {path for path, _ in STEPS} | FREE
    known = [
        path
        for route in router(None, lambda: None).routes  # type: ignore[arg-type,return-value]
        if "POST" in getattr(route, "methods", ())
        for path in [route.path]
    ]
    assert known
    for path in known:
        pattern = path.split("/{")[0]
        assert any(one.startswith(pattern) for one in tried), path


@pytest.mark.usefixtures("release")
def test_each_step_needs_its_role_and_a_form_of_the_session(browser: Browser) -> None:
    """Asked directly, without the page that hides the button."""
    fields = {"reason": "a test", "value": "3"}
    for path, _ in STEPS:
        assert browser.client.post(path, data={}, follow_redirects=False).status_code == 303
    browser.log_in("vera")
    for path, role in STEPS:
        refused = browser.post(path, **fields)
        assert refused.status_code == 403, (path, refused.text)
        assert f"is no {role}" in refused.text
        for csrf in ("", "x" * 43):
            data = {"csrf": csrf, **fields}
            forged = browser.client.post(path, data=data, follow_redirects=False)
            assert forged.status_code == 403 and "not of your session" in forged.text


@pytest.mark.usefixtures("release")
def test_one_session_s_form_is_not_another_s(browser: Browser) -> None:
    """What a page carries is bound to its session."""
    browser.log_in("olga")
    stolen = browser.csrf("/console")
    browser.post("/console/logout")
    browser.log_in("olga")
    path = f"/console/rollout/{FEATURE}/{LOCALE}/halt"
    found = browser.client.post(path, data={"csrf": stolen, "reason": "x"}, follow_redirects=False)
    assert found.status_code == 403


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_whole_in_both_languages_and_runs_nothing_inline(
    browser: Browser, language: str
) -> None:
    """Nothing inline, nothing from elsewhere; each page is in the language that was chosen."""
    browser.log_in("olga")
    browser.post("/console/language", language=language, onto="/console")
    for path in (*PAGES, "/console/try", f"/console/trace?release=CN-{FEATURE}-{LOCALE}-1"):
        found = browser.get(path)
        assert found.status_code == 200, (path, found.text)
        policy = found.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "http" not in policy.replace("https:", "http")
        assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in found.text
        for inside in (
            "<style",
            " style=",
            "javascript:",
            " onclick",
            " onload",
            'src="http',
            'href="http',
        ):
            assert inside not in found.text, (path, inside)
        scripts = found.text.count("<script")
        assert scripts == found.text.count('<script type="module" src="/console/static/')


def test_a_wrong_address_of_the_console_is_a_page(browser: Browser) -> None:
    """Somebody who mistyped sees a page that leads on; the API answers with a problem."""
    found = browser.get("/console/nothing-here")
    assert found.status_code == 404
    assert found.headers["content-type"].startswith("text/html") and "/console" in found.text
    assert "openapi" in browser.get("/nothing-here").json()["hint"]
