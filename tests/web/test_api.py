"""The API: the right answer, or the right problem; never a 500, never a stack trace."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import ClassVar

import msgspec
import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from pratique.filing.approving import amend
from pratique.partners.contract import Reply
from pratique.people.api_keys import issue, revoke
from pratique.people.device_tokens import Claims, issue_token
from pratique.privacy import Sensitive
from pratique.rollout import steps
from pratique.rollout.releases import Release
from pratique.settings.workspace import Limits
from pratique.web.app import app_of
from pratique.web.exchange import MAX_BODY_BYTES
from pratique.web.front import Front
from pratique.web.limits import Gatekeeper
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel
from tests.rollout.conftest import CANDIDATE, FEATURE, LOCALE, approve, digest, release, rules
from tests.rollout.test_gate import read_kept

__all__ = ["approve", "digest", "release", "rules"]

Client = TestClient[Front]


def unlimited(service: Service) -> Service:
    """Return *service* without a limit on how often one device may ask: a test asks in haste."""
    service.gatekeeper = Gatekeeper(Limits(device_per_minute=0), time.monotonic)
    return service


TEXT = "The pool is closed on Friday. Bring your own water. The gym stays open."
CONTEXT = {"device_region": "CN", "account_region": "CN", "targeting_key": "d1"}
BODY: dict[str, object] = {
    "locale": LOCALE,
    "input": {"text": TEXT, "kind": "article", "length": "medium"},
    "context": CONTEXT,
}
PATH = f"/v1/features/{FEATURE}"
FLAGS = f"/ofrep/v1/evaluate/flags/{FEATURE}"


class Answering:
    """What the model answers; a test sets it."""

    answer: ClassVar[Callable[[str], str | Reply]]


@pytest.fixture
def client(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The application on a workspace, with a model that answers by rote."""
    service = unlimited(Service(opened, "CN"))
    Answering.answer = staticmethod(lambda _: '{"summary": "The pool is closed on Friday."}')
    model = RoteModel(CANDIDATE, lambda text: Answering.answer(text))
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    with TestClient(app_of(service)) as found:
        yield found


def problem(answer: Response) -> tuple[int, str]:
    """Return status and code of a problem document, after checking that it is whole."""
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert set(document) == {"type", "code", "title", "status", "detail", "hint", "request_id"}
    assert document["status"] == answer.status_code
    assert "Traceback" not in answer.text
    return document["status"], document["code"]


@pytest.mark.usefixtures("release")
def test_an_approved_feature_answers_in_the_envelope(client: Client) -> None:
    """Output, checks and labels, and the way back to the approval."""
    answer = client.post(PATH, json=BODY)
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "ok"
    assert found["output"] == {"summary": "The pool is closed on Friday."}
    assert all(check["passed"] for check in found["checks"])
    assert found["label"]["visible"]
    assert (found["filing_no"], found["simulated"]) == ("REHEARSAL-1", True)
    assert found["digest"].startswith("sha256:") and found["release"].startswith("CN-summarize-en-")
    assert f"{found['partner']}/{found['model']}" == CANDIDATE


def test_an_unapproved_feature_is_refused_with_a_hint(client: Client) -> None:
    """The first thing that anybody sees of a new workspace."""
    answer = client.post(PATH, json=BODY)
    assert problem(answer) == (403, "not_approved")
    assert answer.json()["hint"]


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(status="refused"), "refused"),
        (Reply(status="output_blocked"), "blocked"),
        ("not json", "invalid"),
        ('{"summary": ""}', "invalid"),
        ('{"summary": "It opens at 7 on Friday."}', "invalid"),
        ('{"summary": "周五停业，健身房照常开放。"}', "invalid"),
        (Reply(status="ok", text=Sensitive('{"summ'), truncated=True), "truncated"),
    ],
)
def test_what_is_no_good_answer_leaves_the_original_alone(
    client: Client, reply: str | Reply, status: str
) -> None:
    """The caller learns what it was and gets no output, so nothing unsound reaches a user."""
    Answering.answer = staticmethod(lambda _: reply)
    found = client.post(PATH, json=BODY).json()
    assert (found["status"], found["output"], found["label"]) == (status, None, None)


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("timeout", (503, "partner_unavailable")),
        ("rate_limited", (503, "partner_unavailable")),
        ("context_exceeded", (413, "context_size_exceeded")),
    ],
)
def test_a_partner_that_fails_is_a_problem(
    client: Client, reply: str, expected: tuple[int, str]
) -> None:
    """In words that a phone developer knows."""
    Answering.answer = staticmethod(lambda _: msgspec.convert({"status": reply}, Reply))
    assert problem(client.post(PATH, json=BODY)) == expected


def changed(**fields: object) -> bytes:
    """Return the body with *fields* changed."""
    return msgspec.json.encode(BODY | fields)


LONG = {"text": "word " * 4_000, "kind": "article", "length": "short"}


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (PATH, b"", (400, "invalid_request")),
        (PATH, b"{", (400, "invalid_request")),
        (PATH, b"null", (400, "invalid_request")),
        (PATH, b"[]", (400, "invalid_request")),
        (PATH, b"\xff\xfe{}", (400, "invalid_request")),
        (PATH, b'{"input": {"text": "\xc3\x28"}, "locale": "en"}', (400, "invalid_request")),
        (PATH, b'{"input": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", (400, "invalid_request")),
        (
            PATH,
            b'{"input": {"a": ' + b"[" * 50_000 + b"]" * 50_000 + b'}, "locale": "en"}',
            (400, "invalid_request"),
        ),
        (PATH, b'{"input": {"text": "\\ud800"}, "locale": "en"}', (400, "invalid_request")),
        (PATH, b'{"input": {"text": "a\x01b"}, "locale": "en"}', (400, "invalid_request")),
        (PATH, changed(input=[]), (400, "invalid_request")),
        (PATH, changed(input={}), (400, "invalid_request")),
        (
            PATH,
            changed(input={"text": "", "kind": "article", "length": "short"}),
            (400, "invalid_request"),
        ),
        (
            PATH,
            changed(input={"text": 5, "kind": "article", "length": "short"}),
            (400, "invalid_request"),
        ),
        (
            PATH,
            changed(input={"text": "x", "kind": "poem", "length": "short"}),
            (400, "invalid_request"),
        ),
        (PATH, changed(extra=1), (400, "invalid_request")),
        (PATH, changed(context=None), (400, "invalid_request")),
        (PATH, changed(context={"device_region": "CN"}), (400, "invalid_request")),
        (PATH, changed(locale=7), (400, "invalid_request")),
        (PATH, changed(locale="fr"), (400, "unsupported_locale")),
        (PATH, changed(locale=""), (400, "unsupported_locale")),
        (PATH, changed(locale="zh-Hans"), (403, "not_approved")),
        (PATH, changed(input=LONG), (413, "context_size_exceeded")),
        (PATH, b'{"input": "' + b"x" * MAX_BODY_BYTES + b'"}', (413, "request_too_large")),
        ("/v1/features/nothing", changed(), (404, "unknown_feature")),
        ("/v1/features/..%2Fx", changed(), (404, "not_found")),
        ("/v1/nothing", changed(), (404, "not_found")),
    ],
)
def test_bad_input_gets_the_right_problem(
    client: Client, path: str, body: bytes, expected: tuple[int, str]
) -> None:
    """Empty, huge, no UTF-8, wrong types, unknown names: each its own word."""
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert problem(answer) == expected


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    "text", ["\x00", "a\u0000b", "\u202eabc", "\x1b[31m", "\ufeff", "\u200b" * 50, "🏳️‍🌈" * 30]
)
def test_control_characters_are_text_like_any_other(client: Client, text: str) -> None:
    """They reach the model as data and break nothing."""
    body = changed(input={"text": text, "kind": "article", "length": "short"})
    answer = client.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.usefixtures("release")
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False)
            | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(st.text(max_size=8), inner, max_size=4)
            ),
            max_leaves=12,
        ).map(lambda value: msgspec.json.encode(BODY | {"input": value})),
    )
)
def test_no_body_makes_the_service_fail(client: Client, body: bytes) -> None:
    """Random bytes and random JSON: an answer or a problem below 500."""
    answer = client.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500
    if answer.status_code != 200:
        problem(answer)


@pytest.mark.usefixtures("release")
def test_availability_says_why_not(client: Client) -> None:
    """The same gate, asked without a request."""
    found = client.get(f"{PATH}/availability", params={"locale": LOCALE, **CONTEXT}).json()
    assert (found["available"], found["reason"]) == (True, None)
    found = client.get(
        f"{PATH}/availability", params={"locale": LOCALE, **CONTEXT, "device_region": "US"}
    ).json()
    assert (found["available"], found["reason"]) == (False, "region_not_eligible")
    assert problem(client.get(f"{PATH}/availability")) == (400, "invalid_request")
    assert problem(client.put(f"{PATH}/availability")) == (405, "method_not_allowed")


@pytest.fixture
def keys(opened: Opened) -> dict[str, str]:
    """A key for devices, one for operators, and one that was revoked."""
    with opened.database.begin() as connection:
        tokens = {}
        for scope in ("device", "operator"):
            _, tokens[scope] = issue(connection, scope, [scope], opened.clock())
        gone, tokens["revoked"] = issue(connection, "gone", ["operator"], opened.clock())
        revoke(connection, gone.id, opened.clock())
    return tokens


@pytest.mark.usefixtures("release")
def test_with_keys_in_force_every_call_needs_one(client: Client, keys: dict[str, str]) -> None:
    """A context in the body is believed from the maker's back end only."""

    def asked(token: str) -> Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return client.post(PATH, json=BODY, headers=headers)

    assert asked(keys["operator"]).status_code == 200
    assert problem(asked(keys["device"])) == (403, "forbidden")
    for bad in ("", keys["revoked"], keys["operator"] + "x", "pq_", "ä"):
        assert problem(
            client.post(PATH, json=BODY, headers={b"Authorization": f"Bearer {bad}".encode()})
        ) == (
            401,
            "unauthorized",
        )


@pytest.mark.usefixtures("release", "keys")
@pytest.mark.parametrize(
    "path",
    [PATH, "/v1/chat/completions", "/v1/feedback", "/ofrep/v1/evaluate/flags", f"{FLAGS}.en"],
)
@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", "application/json"), (b'{"extra": 1}', "application/json"), (b"{}", "text/plain")],
    ids=["broken", "misshapen", "no JSON"],
)
def test_a_stranger_is_told_of_the_key_before_the_body(
    client: Client, path: str, body: bytes, kind: str
) -> None:
    """No outsider learns what a body must be."""
    answer = client.post(path, content=body, headers={"Content-Type": kind})
    assert answer.status_code == 401


@pytest.mark.usefixtures("release")
def test_a_device_is_believed_by_its_signed_token(
    client: Client, keys: dict[str, str], opened: Opened, clock: Clock
) -> None:
    """A token of this maker, not ended, and not changed by a character."""

    def asked(token: str) -> Response:
        headers = {"Authorization": f"Bearer {keys['device']}", "Pratique-Device-Token": token}
        return client.post(
            PATH,
            content=changed(context=None),
            headers={"Content-Type": "application/json", **headers},
        )

    claims = Claims(
        device_region="CN",
        account_region="CN",
        targeting_key="d1",
        expires=clock.time + timedelta(hours=1),
    )
    token = issue_token(opened.key, claims)
    assert asked(token).status_code == 200
    abroad = issue_token(opened.key, msgspec.structs.replace(claims, device_region="US"))
    assert problem(asked(abroad)) == (403, "region_not_eligible")
    middle = len(token) // 2
    for bad in (
        token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :],
        "x",
        "a.b.c",
        "." * 3_000,
    ):
        assert problem(asked(bad)) == (401, "unauthorized")
    clock.go_on(hours=2)
    assert problem(asked(token)) == (401, "unauthorized")


@pytest.mark.usefixtures("release")
def test_no_partner_hears_who_asked(client: Client, opened: Opened) -> None:
    """The call to the model holds the prompt and the input, and nothing of the device."""
    heard: list[str] = []

    def answer(text: str) -> str:
        heard.append(text)
        return '{"summary": "The pool is closed on Friday."}'

    Answering.answer = staticmethod(answer)
    body = changed(context=CONTEXT | {"targeting_key": "canary-device"})
    client.post(
        PATH,
        content=body,
        headers={"Content-Type": "application/json", "X-Canary": "canary-header"},
    )
    assert heard and "canary" not in heard[0] and TEXT in heard[0]


@pytest.mark.usefixtures("release")
def test_nothing_of_a_request_is_kept(
    client: Client, opened: Opened, capfd: pytest.CaptureFixture[str]
) -> None:
    """Unique words of input and output stand in no file of the workspace and in no log."""
    Answering.answer = staticmethod(lambda _: '{"summary": "canary-output-2b7"}')
    client.post(
        PATH,
        content=changed(input={"text": "canary-input-9c4", "kind": "article", "length": "short"}),
    )

    def failing(_: str) -> str:
        raise ZeroDivisionError("canary-failure")

    Answering.answer = staticmethod(failing)
    failed = client.post(
        PATH,
        content=changed(input={"text": "canary-input-9c4", "kind": "article", "length": "short"}),
    )
    assert problem(failed) == (500, "internal_error")
    kept = b"".join(
        path.read_bytes() for path in opened.workspace.folder.rglob("*") if path.is_file()
    )
    written = "".join(capfd.readouterr())
    assert b"canary" not in kept and "canary" not in written


def test_health_and_manifest_say_what_runs(client: Client, release: Release) -> None:
    """For a load balancer and for whoever asks what is on."""
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}
    found = client.get("/.well-known/pratique").json()
    assert found["rehearsal"] is True
    assert [one["digest"] for one in found["releases"]] == [release.digest]
    shown = found["releases"][0]["disclosure"]
    assert shown["lines"] == [f"Model: {CANDIDATE}", "Filing or online number: REHEARSAL-1"]
    assert (shown["complete"], shown["places"]) == (True, ["detail_page", "settings"])


def test_the_manifest_says_of_a_release_what_the_gate_says(
    client: Client, opened: Opened, clock: Clock, release: Release
) -> None:
    """A suspended approval or a halt is off there, as it is for every request."""

    def told() -> tuple[str, str | None]:
        (one,) = client.get("/.well-known/pratique").json()["releases"]
        asked = client.get(f"{PATH}/availability", params={"locale": LOCALE, **CONTEXT}).json()
        assert one["release"] == release.id
        assert (one["state"] == "on", one["reason"]) == (asked["available"], asked["reason"])
        return one["state"], one["reason"]

    assert told() == ("on", None)
    (kept,) = read_kept(opened)
    amend(opened, kept, "suspended", "the office asks")
    assert told() == ("off", "not_approved")
    clock.go_on(minutes=1)
    amend(opened, kept, "resumed", "the office is content")
    assert told() == ("on", None)
    steps.halt(opened, "CN", FEATURE, LOCALE, "a drill")
    assert told() == ("off", "feature_halted")


def test_the_api_describes_itself(client: Client) -> None:
    """OpenAPI with every route that a developer may call."""
    document = client.get("/schema/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {
        f"/v1/features/{FEATURE}",
        "/v1/features/{feature}/availability",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/feedback",
        "/ofrep/v1/evaluate/flags",
        "/ofrep/v1/evaluate/flags/{key}",
        "/health/live",
        "/health/ready",
        "/.well-known/pratique",
    } <= set(document["paths"])
    body = document["paths"][f"/v1/features/{FEATURE}"]["post"]["requestBody"]
    given = body["content"]["application/json"]["schema"]["properties"]["input"]
    assert given["properties"]["kind"] == {"enum": ["article", "conversation"]}


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"locale": None}, "at `$.locale`: it takes `str`"),
        ({"extra-7f3a": 1}, "at its top: it holds a field that is not known"),
        ({"context": {"device_region": "CN"}}, "at `$.context`: `account_region` is missing"),
        ({"input": {**BODY["input"], "kind": "novel-7f3a"}}, "it takes `article`"),  # type: ignore[dict-item]
        ({"input": {"kind": "article"}}, "`text` is missing"),
        ({"input": {**BODY["input"], "more-7f3a": 1}}, "a field that is not in the schema"),  # type: ignore[dict-item]
    ],
)
def test_a_request_of_another_shape_is_told_what_is_wanted(
    client: Client, change: dict[str, object], said: str
) -> None:
    """By names and values of the schema; nothing of what was sent is repeated."""
    answer = client.post(PATH, json=BODY | change)
    assert problem(answer) == (400, "invalid_request")
    assert said in answer.json()["detail"] and "7f3a" not in answer.text


def test_a_query_without_its_locale_is_told_so(client: Client) -> None:
    """And where no device is named, in which ways one is."""
    answer = client.get(f"{PATH}/availability")
    assert "`locale` is missing" in answer.json()["detail"]
    answer = client.get(f"{PATH}/availability?locale=en")
    assert "in the query" in answer.json()["hint"]


def test_the_bare_address_leads_to_the_console(client: Client) -> None:
    """Who types host and port into a browser finds something."""
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
