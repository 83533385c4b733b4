"""Chat: features for clients of the OpenAI wire, through the same gate and with the same labels."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from pratique.assessment.candidates import offer
from pratique.partners.contract import Reply, ToolCall
from pratique.people.api_keys import issue
from pratique.people.consents import Consent, content_of, issue_consent
from pratique.privacy import Sensitive
from pratique.web.app import app_of
from pratique.web.chat_input import conversation
from pratique.web.chat_shapes import ChatRequest
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel, grown
from tests.web.test_api import CONTEXT, Client, unlimited
from tests.web.test_every_feature import CANDIDATE, turn_on, whole_market

BY = {"summarize": CANDIDATE, "assistant": "embedded/smollm2-135m"}
"""Who answers; the second is told of conversations and tools."""
CHAT = "/v1/chat/completions"
TEXT = "The pool is closed on Friday. Bring your own water."
METADATA = {"locale": "en", **CONTEXT}
TOOL = {
    "type": "function",
    "function": {"name": "clock", "parameters": {"type": "object", "properties": {}}},
}
TALK: Mapping[str, object] = {
    "model": "assistant",
    "messages": [{"role": "user", "content": "What time is it?"}],
    "tools": [TOOL],
    "metadata": METADATA,
}
ASKING = Reply(
    status="ok",
    tool_calls=(ToolCall(id="call-1", name="clock", arguments=Sensitive("{}")),),
    finish="tool_calls",
)


@pytest.fixture(scope="session")
def new_shop(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which a summary and a conversation are on."""
    return grown(new_shop, tmp_path_factory.mktemp("chat"), switch_on)


def switch_on(opened: Opened) -> None:
    """Approve and release a summary and a conversation."""
    whole_market(opened)
    offered = offer(opened.workspace, "CN")
    turn_on(opened, [offered.variant(feature, "en", name) for feature, name in BY.items()])


@pytest.fixture
def client(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The application with a summary and a conversation that are on."""
    service = unlimited(Service(opened, "CN"))

    def answer(text: str) -> str | Reply:
        return ASKING if "time" in text else '{"summary": "The pool is closed on Friday."}'

    model = RoteModel(CANDIDATE, answer)
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    with TestClient(app_of(service)) as client:
        yield client


def agreed(
    opened: Opened, body: Mapping[str, object], device: str = CONTEXT["targeting_key"]
) -> dict[str, str]:
    """Return the header by which the user agrees to send *body*."""
    given = conversation(msgspec.convert(body, ChatRequest), "messages")
    consent = Consent(
        feature="assistant",
        targeting_key=device,
        content=content_of(given),
        expires=opened.clock() + timedelta(minutes=5),
    )
    return {"Pratique-Consent": issue_consent(opened.key, consent)}


def test_a_feature_answers_its_main_text(client: Client) -> None:
    """With the label, the way back to the approval, and a name that leads to the release."""
    body = {
        "model": "summarize",
        "messages": [{"role": "user", "content": TEXT}],
        "metadata": METADATA,
    }
    found = client.post(CHAT, json=body).json()
    message = found["choices"][0]["message"]
    assert (message["role"], message["content"]) == ("assistant", "The pool is closed on Friday.")
    marks = found["pratique"]
    assert (marks["status"], marks["filing_no"]) == ("ok", "REHEARSAL-1")
    assert marks["label"]["visible"] and found["id"] == marks["request_id"]
    whole = client.post(CHAT, json=body | {"response_format": {"type": "json_object"}}).json()
    content = whole["choices"][0]["message"]["content"]
    assert msgspec.json.decode(content) == {"summary": "The pool is closed on Friday."}


def test_a_conversation_asks_for_tools_with_consent_to_each_request(
    client: Client, opened: Opened
) -> None:
    """Without a consent, or with one to another request, nothing is sent; with it, the tool is named."""
    assert client.post(CHAT, json=TALK).json()["error"]["code"] == "consent_required"
    headers = agreed(opened, TALK)
    found = client.post(CHAT, json=TALK, headers=headers).json()
    choice = found["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    (call,) = choice["message"]["tool_calls"]
    assert (call["id"], call["function"]) == ("call-1", {"name": "clock", "arguments": "{}"})
    other = {**TALK, "messages": [{"role": "user", "content": "What time is it there?"}]}
    refused = client.post(CHAT, json=other, headers=headers).json()
    assert refused["error"]["code"] == "consent_required"


def test_a_streamed_tool_call_comes_whole(client: Client, opened: Opened) -> None:
    """In one chunk with its index, before the chunk that says why the answer ended."""
    body = {**TALK, "stream": True}
    text = client.post(CHAT, json=body, headers=agreed(opened, body)).text
    chunks = [
        msgspec.json.decode(line.removeprefix("data: "))
        for line in text.split("\n\n")
        if line and not line.endswith("[DONE]")
    ]
    (call,) = chunks[-2]["choices"][0]["delta"]["tool_calls"]
    assert (call["index"], call["function"]["name"]) == (0, "clock")
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"model": "nothing"}, 404, "unknown_feature"),
        ({"metadata": CONTEXT}, 400, "unsupported_locale"),
        ({"metadata": METADATA | {"locale": "fr"}}, 400, "unsupported_locale"),
        ({"metadata": METADATA | {"device_region": "US"}}, 403, "region_not_eligible"),
        ({"messages": []}, 400, "invalid_request"),
        ({"messages": "hello"}, 400, "invalid_request"),
        ({"n": 2}, 400, "invalid_request"),
        ({"tools": [TOOL]}, 400, "invalid_request"),
        ({"model": "translate"}, 403, "not_approved"),
        ({"model": "transform"}, 400, "invalid_request"),
    ],
)
def test_errors_have_the_shape_of_the_wire_and_our_codes(
    client: Client, changes: Mapping[str, object], status: int, code: str
) -> None:
    """A client of that wire raises its own class, and our code says what it was."""
    body = {
        "model": "summarize",
        "messages": [{"role": "user", "content": TEXT}],
        "metadata": METADATA,
    }
    answer = client.post(CHAT, json=body | dict(changes))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["message"] and error["type"] and error["request_id"].startswith("req-")


def test_models_are_the_features_that_are_on(client: Client) -> None:
    """Their names may be given as `model`."""
    listed = client.get("/v1/models").json()["data"]
    assert [one["id"] for one in listed] == ["assistant", "summarize"]
    assert client.get("/v1/models/summarize").json() == listed[1]
    assert client.get("/v1/models/translate").json()["error"]["code"] == "unknown_feature"


def test_a_stranger_is_told_of_the_key_before_all_else(client: Client, opened: Opened) -> None:
    """Not of a locale or a model that the caller might yet name."""
    with opened.database.begin() as connection:
        issue(connection, "phone", ["device"], opened.clock())
    body = {"model": "nothing", "messages": [{"role": "user", "content": "hi"}]}
    for model in ("nothing", "summarize"):
        answer = client.post("/v1/chat/completions", json=body | {"model": model})
        assert answer.status_code == 401
