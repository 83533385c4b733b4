"""Every feature answers in every locale through HTTP, or says by an availability reason why not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from litestar.testing import TestClient

from pratique.assessment.candidates import offer
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.filing.approvals import approval_of, keep_approval
from pratique.filing.filings import Filed, Filing, keep_filing
from pratique.people.consents import FIELD, Consent, content_of, issue_consent
from pratique.rollout import steps
from pratique.serving.variant import Variant, digest_of, frozen
from pratique.settings.workspace import open_workspace
from pratique.store import snapshots
from pratique.web.app import app_of
from pratique.web.front import Front
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, grown
from tests.web.test_api import unlimited

PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged()]).items()}
CELLS = [(name, locale) for name, pack in PACKS.items() for locale in pack.locales]
CONTEXT = {"device_region": "CN", "account_region": "CN", "targeting_key": "d1"}
CANDIDATE = "embedded/rules"
BY = {"vision_ask": "embedded/ppocr"}
"""Who answers what the rules cannot see."""
Asking = tuple[TestClient[Front], Opened]


def whole_market(opened: Opened) -> list[Variant]:
    """Let the market have every feature and locale; return the rules' variants."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    lines = [
        f"features = {list(PACKS)}"
        if line.startswith("features")
        else 'locales = ["en", "zh-Hans", "zh-Hant"]'
        if line.startswith("locales")
        else line
        for line in path.read_text().splitlines()
    ]
    text = "\n".join(lines).replace("'", '"') + "\n"
    path.write_text(text.replace('"embedded/rules"', '"embedded/rules", "embedded/ppocr"'))
    return [
        one
        for one in offer(opened.workspace, "CN").variants
        if one.candidate == BY.get(one.feature, CANDIDATE)
    ]


def approve(opened: Opened, variants: list[Variant]) -> None:
    """File and approve *variants* for practice."""
    with opened.ledger.decision(
        who="ada", kind="filing.built", subject="CN-1", body={}
    ) as connection:
        filing = Filing(
            id="CN-1",
            market="CN",
            regime="cn-cac",
            state="draft",
            simulated=True,
            selection="selection-1",
            pack="filings/CN-1",
            manifest_sha256="0" * 64,
            created="2026-11-02T10:00:00.000000Z",
            variants=tuple(
                Filed(
                    feature=one.feature,
                    locale=one.locale,
                    digest=snapshots.put(connection, frozen(one), "variant"),
                )
                for one in variants
            ),
        )
        keep_filing(connection, filing)
    today = opened.clock().date()
    approval = approval_of(
        filing,
        workspace=opened.workspace.configuration.name,
        rehearsal=True,
        number="REHEARSAL-1",
        issued=today,
        expires=today + timedelta(days=90),
        document_sha256="a" * 64,
        entered_by="ada",
    )
    with opened.ledger.decision(
        who="ada", kind="approval.given", subject="CN-1", body={}
    ) as connection:
        keep_approval(connection, approval, opened.key)


def turn_on(opened: Opened, variants: list[Variant]) -> None:
    """Approve *variants* for practice, and release them to everybody."""
    approve(opened, variants)
    rules = steps.gate_rules(opened, "CN")
    for one in variants:
        found = steps.start(opened, rules, digest_of(one))
        for _ in found.stages[1:]:
            steps.advance(opened, "CN", one.feature, one.locale)


@pytest.fixture(scope="module")
def asking(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The application on a workspace in which everything but the English translation is on."""
    folder = grown(new_shop, tmp_path_factory.mktemp("every"), lambda _: None)
    opened = Opened(open_workspace(folder), who="ada", clock=Clock())
    variants = whole_market(opened)
    turn_on(opened, [one for one in variants if (one.feature, one.locale) != ("translate", "en")])
    with TestClient(app_of(unlimited(Service(opened, "CN")))) as client:
        yield client, opened
    opened.close()


@pytest.mark.parametrize(("feature", "locale"), CELLS)
def test_a_feature_answers_or_says_why_not(asking: Asking, feature: str, locale: str) -> None:
    """What is available answers with a valid output; what is not has a reason beforehand."""
    client, opened = asking
    asked = {"locale": locale} | CONTEXT
    available = client.get(f"/v1/features/{feature}/availability", params=asked).json()
    given = dict(PACKS[feature].file.example[locale])
    if PACKS[feature].file.role == "extend":
        assert available["reason"] == "consent_required"
        consent = Consent(
            feature=feature,
            targeting_key=CONTEXT["targeting_key"],
            content=content_of(given),
            expires=opened.clock() + timedelta(minutes=5),
        )
        given[FIELD] = issue_consent(opened.key, consent)
    body = {"locale": locale, "input": given, "context": CONTEXT}
    answer = client.post(f"/v1/features/{feature}", json=body)
    if (feature, locale) == ("translate", "en"):
        assert available["reason"] == answer.json()["code"] == "not_approved"
        return
    assert answer.status_code == 200, answer.json()
    found = answer.json()
    assert found["status"] == "ok", found
    assert jsonschema_rs.is_valid(PACKS[feature].output_schema, found["output"])
    assert found["label"]["visible"]
