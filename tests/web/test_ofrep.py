"""OFREP: each feature and locale as a flag, with the way back to its release and approval."""

from datetime import timedelta

import msgspec
import pytest

from pratique.people.device_tokens import Claims, issue_token
from pratique.rollout import steps
from pratique.workspace.opened import Opened
from tests.rollout.conftest import FEATURE, LOCALE, approve, digest, release, rules
from tests.web.test_api import Client, client

__all__ = ["approve", "client", "digest", "release", "rules"]

FLAGS = "/ofrep/v1/evaluate/flags"
FLAG = f"{FLAGS}/{FEATURE}.{LOCALE}"
HERE = {"targetingKey": "d1", "device_region": "CN", "account_region": "CN"}


@pytest.mark.usefixtures("release")
def test_a_flag_is_what_the_gate_says(client: Client, opened: Opened) -> None:
    """On with release, filing number and model; off with the gate's own reason."""
    found = client.post(FLAG, json={"context": HERE}).json()
    assert (found["value"], found["variant"], found["reason"]) == (True, "on", "TARGETING_MATCH")
    assert found["metadata"]["filing_no"] == "REHEARSAL-1"
    assert found["metadata"]["release"] == "CN-summarize-en-1" and found["metadata"]["digest"]
    abroad = client.post(FLAG, json={"context": HERE | {"account_region": "US"}}).json()
    assert (abroad["value"], abroad["metadata"]["reason"]) == (False, "region_not_eligible")
    steps.halt(opened, "CN", FEATURE, LOCALE, "a drill")
    halted = client.post(FLAG, json={"context": HERE}).json()
    assert (halted["value"], halted["reason"]) == (False, "DISABLED")
    assert halted["metadata"]["reason"] == "feature_halted"


@pytest.mark.usefixtures("release")
def test_all_flags_are_sent_again_only_when_one_has_changed(client: Client, opened: Opened) -> None:
    """An ETag names the values; 304 has no body."""
    first = client.post(FLAGS, json={"context": HERE})
    keys = {one["key"]: one["value"] for one in first.json()["flags"]}
    assert keys[f"{FEATURE}.{LOCALE}"] is True and keys[f"{FEATURE}.zh-Hans"] is False
    known = {"If-None-Match": first.headers["etag"]}
    same = client.post(FLAGS, json={"context": HERE}, headers=known)
    assert (same.status_code, same.content) == (304, b"")
    steps.halt(opened, "CN", FEATURE, LOCALE, "a drill")
    changed = client.post(FLAGS, json={"context": HERE}, headers=known)
    assert changed.status_code == 200 and changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (f"{FLAGS}/nothing.en", {"context": HERE}, (404, "FLAG_NOT_FOUND")),
        (f"{FLAGS}/{FEATURE}", {"context": HERE}, (404, "FLAG_NOT_FOUND")),
        (FLAG, {"context": {}}, (400, "TARGETING_KEY_MISSING")),
        (FLAG, {"context": {"targetingKey": "d1"}}, (400, "INVALID_CONTEXT")),
        (FLAG, {"context": HERE | {"device_region": 7}}, (400, "INVALID_CONTEXT")),
        (FLAG, {}, (400, "PARSE_ERROR")),
        (FLAGS, [], (400, "PARSE_ERROR")),
    ],
)
def test_errors_are_those_of_the_protocol(
    client: Client, path: str, body: object, expected: tuple[int, str]
) -> None:
    """So that a client of OpenFeature knows them."""
    answer = client.post(path, content=msgspec.json.encode(body))
    assert (answer.status_code, answer.json()["errorCode"]) == expected
    assert answer.json()["errorDetails"]


@pytest.mark.usefixtures("release")
def test_a_device_that_the_maker_vouches_for_states_only_its_key(
    client: Client, opened: Opened
) -> None:
    """The token says the rest."""
    claims = Claims(
        device_region="CN",
        account_region="CN",
        targeting_key="d1",
        expires=opened.clock() + timedelta(hours=1),
    )
    token = {"Pratique-Device-Token": issue_token(opened.key, claims)}
    found = client.post(FLAG, json={"context": {"targetingKey": "d1"}}, headers=token).json()
    assert (found["value"], found["variant"]) == (True, "on")
