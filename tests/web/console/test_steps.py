"""Steps at the console: what people do there stands in the ledger under their own name."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.evals.ratings.table import batches_kept, ratings_of
from pratique.filing.approvals import Approval
from pratique.ledger.chain import entries
from pratique.people.accounts import set_roles
from pratique.rollout import steps
from pratique.rollout.releases import Release
from pratique.settings.workspace import CONFIGURATION, open_workspace
from pratique.web.service import Service
from tests.rollout.conftest import FEATURE, LOCALE
from tests.web.console.conftest import Browser
from tests.web.console.test_hostile import run

__all__ = ["run"]

PATH = f"/console/rollout/{FEATURE}/{LOCALE}"


def decided(service: Service) -> list[tuple[str, str]]:
    """Return the kinds of decisions, each with who decided."""
    with service.opened.database.connect() as connection:
        return [(one.kind, one.who) for one in entries(connection)]


def test_a_release_is_started_advanced_halted_and_resumed(
    browser: Browser, service: Service, approve: Callable[..., Approval]
) -> None:
    """Each step by the account that took it; the phone's gate knows at once."""
    approve()
    browser.log_in("olga")
    assert "Start at the first stage" in browser.get(PATH).text
    for step, fields in (("start", {}), ("advance", {}), ("halt", {"reason": "a drill"})):
        found = browser.post(f"{PATH}/{step}", **fields)
        assert found.status_code == 303, found.text
    page = browser.get(PATH).text
    assert "a drill" in page and "Resume" in page
    refusal = browser.get(
        f"/console/try/features/{FEATURE}/availability",
        locale=LOCALE,
        device_region="CN",
        account_region="CN",
        targeting_key="x",
    ).json()
    assert (refusal["available"], refusal["reason"]) == (False, "feature_halted")
    assert browser.post(f"{PATH}/resume").status_code == 303
    assert [one for one in decided(service) if one[0].startswith("release.")] == [
        ("release.started", "olga"),
        ("release.advanced", "olga"),
        ("release.halted", "olga"),
        ("release.resumed", "olga"),
    ]


def test_a_halt_needs_a_reason_and_a_start_an_approval(browser: Browser, release: Release) -> None:
    """The rules are the same as on the command line, and are told in the same words."""
    browser.log_in("olga")
    refused = browser.post(f"{PATH}/halt", reason="  ")
    assert refused.status_code == 403 and "a halt needs a reason" in refused.text
    refused = browser.post("/console/rollout/proofread/en/start")
    assert refused.status_code == 403 and "has no approval in force" in refused.text
    assert release.state == "on"


def test_an_order_to_stop_reaches_every_release_and_is_lifted(
    browser: Browser, service: Service, release: Release
) -> None:
    """By feature, locale, partner or kind of app."""
    browser.log_in("olga")
    found = browser.post("/console/halts/order", partner="embedded", reason="a wide drill")
    assert found.status_code == 303, found.text
    assert "a wide drill" in browser.get("/console/rollout").text
    assert browser.post("/console/halts/lift", partner="embedded").status_code == 303
    assert ("halt.ordered", "olga") in decided(service) and release.id


def test_a_stage_waits_for_a_second_person_where_the_policy_says_so(
    browser: Browser, service: Service, approve: Callable[..., Approval]
) -> None:
    """The step is proposed and shown; nothing is released before it is signed."""
    approve()
    path = service.opened.workspace.folder / CONFIGURATION
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("stage = 0", "stage = 2"), encoding="utf-8")
    service.opened.workspace = open_workspace(service.opened.workspace.folder)
    assert service.opened.workspace.configuration.sign_off.stage == 2
    browser.log_in("olga")
    refused = browser.post(f"{PATH}/start")
    assert refused.status_code == 403 and "takes 2 people" in refused.text
    page = browser.get("/console/rollout").text
    assert "0 of 2 signed" in page and "pratique people sign so-" in page
    assert "release.started" not in [kind for kind, _ in decided(service)]


def test_an_answer_is_entered_with_its_document(
    browser: Browser, service: Service, digest: str
) -> None:
    """The hash of the document is kept."""
    browser.log_in("olga")
    data = {
        "csrf": browser.csrf("/console"),
        "number": "REHEARSAL-7",
        "issued": "2026-11-02",
        "expires": "2027-11-02",
    }
    path = "/console/filing/CN-1/approve"
    missing = browser.client.post(path, data=data, files={"document": ("a.pdf", b"")})
    assert missing.status_code == 422 and "needs its document" in missing.text
    files = {"document": ("a.pdf", b"the regulator's answer", "application/pdf")}
    found = browser.client.post(path, data=data, files=files, follow_redirects=False)
    assert found.status_code == 303, found.text
    rules = service.rules
    assert steps.approved_digest(service.opened, rules, FEATURE, LOCALE) == digest
    assert ("approval.given", "olga") in decided(service)


def test_a_changed_pack_is_shown_as_changed_and_not_given_out(
    browser: Browser, service: Service, digest: str
) -> None:
    """This filing has no pack at all: the page says so, and nothing is downloaded."""
    browser.log_in("olga")
    page = browser.get("/console/filing/CN-1")
    assert page.status_code == 200 and "not what was written" in page.text
    assert browser.post("/console/filing/CN-1/download").status_code == 500
    assert digest and service.rules.market.id == "CN"


def test_a_reviewer_s_mark_becomes_a_rating(browser: Browser, service: Service, run: str) -> None:
    """Kept beside the sheets, under the reviewer's name; it stays as it was given."""
    browser.log_in("rolf")
    page = browser.get(f"/console/verdict/{run}").text
    sample = page.partition('name="sample" value="')[2].partition('"')[0]
    path, back = f"/console/verdict/{run}/mark", f"/console/verdict/{run}"
    given = browser.post(path, back, sample=sample, value="3", note="fine")
    assert given.status_code == 303, given.text
    again = browser.post(path, back, sample=sample, value="1")
    assert again.status_code == 403 and "a rating stays as it was given" in again.text
    for value in ("9", "x", ""):
        assert browser.post(path, back, sample=sample, value=value).status_code in (404, 422)
    with service.opened.database.connect() as connection:
        batch = batches_kept(connection)[0]
        kept = ratings_of(connection, batch.id)
    assert [(one.rater, one.value, one.item) for one in kept] == [("rolf", 3, sample)]
    assert batch.sealed["run"] == run


@pytest.mark.usefixtures("run")
def test_the_brief_is_a_file_to_keep(browser: Browser, service: Service) -> None:
    """Pages, figures and cases in one archive, and never a page of ours."""
    browser.log_in("olga")
    found = browser.post("/console/partners/embedded/brief")
    assert found.status_code == 200, found.text
    assert found.headers["content-disposition"] == 'attachment; filename="brief-CN-embedded.zip"'
    names = zipfile.ZipFile(io.BytesIO(found.content)).namelist()
    assert "brief-embedded/brief.en.html" in names
    assert all(not Path(one).is_absolute() and ".." not in one for one in names)


def test_roles_count_as_they_are_now(browser: Browser, service: Service, release: Release) -> None:
    """A role that was taken away is gone with the next request, in a session that goes on."""
    browser.log_in("olga")
    assert browser.get("/console/try").status_code == 200
    with service.opened.database.begin() as connection:
        set_roles(connection, "olga", ["viewer"])
    assert browser.get("/console/try").status_code == 403
    refused = browser.post(f"{PATH}/halt", reason="x")
    assert refused.status_code == 403 and "is no operator" in refused.text
    assert release.state == "on"
