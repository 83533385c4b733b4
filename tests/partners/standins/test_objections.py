"""Tests of what a stand-in does not answer, and of how it says so."""

import asyncio
from collections.abc import Mapping

import pytest

from pratique.partners.standins.server import StandIn
from tests.partners.standins.asking import HELLO, Heard, ask, model
from tests.partners.standins.test_answers import DIALECTS, HOSTED, WEATHER, heard, user


def told(answer: Heard) -> str:
    """Return the message of an error in any shape."""
    error = answer.data.get("error", answer.data)
    return str(error.get("message")) if isinstance(error, Mapping) else str(error)


OBJECTIONS: list[tuple[str, dict[str, object], str]] = [
    (
        "alibaba",
        {"tools": [WEATHER], "tool_choice": "required", "enable_thinking": True},
        "tool_choice",
    ),
    ("deepseek", {"tools": [WEATHER], "tool_choice": "required"}, "tool_choice"),
    ("alibaba", {"response_format": {"type": "json_object"}}, "json"),
    ("deepseek", {"response_format": {"type": "json_object"}}, "json"),
    (
        "deepseek",
        {"response_format": {"type": "json_schema", "json_schema": {}}},
        "response_format",
    ),
    ("alibaba", {"model": "qwq-plus"}, "enable_thinking"),
    ("alibaba", {"model": "qwen3-32b", "enable_thinking": True}, "enable_thinking"),
    ("baidu", {"messages": [user("hello"), user(" ")]}, "blank"),
    ("deepseek", {"messages": [{"role": "developer", "content": "x"}]}, "developer"),
    ("deepseek", {"tools": [{"type": "web_search"}]}, "function"),
    ("deepseek", {"reasoning_effort": "minimal"}, "minimal"),
    ("tencent", {"stop": list("abcde")}, "stop"),
    (
        "deepseek",
        {
            "model": "deepseek-v4-pro",
            "messages": [
                user([{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}])
            ],
        },
        "image",
    ),
    (
        "deepseek",
        {
            "tools": [WEATHER],
            "messages": [user("a"), {"role": "assistant", "content": "b"}, user("c")],
        },
        "The `reasoning_content` in the thinking mode must be passed back to the API.",
    ),
]


@pytest.mark.parametrize(("dialect", "more", "why"), OBJECTIONS)
def test_a_dialect_does_not_take_what_its_partner_does_not(
    dialect: str, more: dict[str, object], why: str
) -> None:
    answer = heard(dialect, {**HELLO, **more})
    assert (answer.status, why in told(answer)) == (400, True)


def test_what_was_not_taken_is_taken_when_asked_rightly() -> None:
    spoken = {"role": "assistant", "content": "b", "reasoning_content": "because"}
    right: list[tuple[str, dict[str, object]]] = [
        ("alibaba", {"model": "qwen3-32b", "enable_thinking": False}),
        ("alibaba", {"model": "qwen3-32b", "stream": True}),
        ("alibaba", {"model": "qwen3-max"}),
        ("deepseek", {"tools": [WEATHER], "messages": [user("a"), spoken, user("c")]}),
    ]
    assert [heard(dialect, {**HELLO, **more}).status for dialect, more in right] == [200] * 4


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_missing_or_wrong_key_is_refused(dialect: str) -> None:
    answer = heard(dialect, HELLO, authorization="Bearer wrong")
    assert (answer.status, "error" in answer.data) == (401, True)
    if dialect in ("vllm", "sglang"):
        assert answer.data == {"error": "Unauthorized"}


@pytest.mark.parametrize("dialect", HOSTED)
def test_a_self_hosted_server_may_run_without_a_key(dialect: str) -> None:
    async def check() -> None:
        async with StandIn(dialect, key="", models=()) as one:
            assert (await ask(one, HELLO)).status == 200

    asyncio.run(check())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_bad_requests_are_answered_in_the_dialects_own_shape(dialect: str) -> None:
    known = [model("known")]
    assert heard(dialect, HELLO, known).status in (400, 404)
    assert heard(dialect, {**HELLO, "model": "known"}, known).status == 200
    for body in (b'{"model": ', b"[]", b"", {**HELLO, "messages": 3}, {"model": "m"}):
        answer = heard(dialect, body)
        assert (answer.status, told(answer) != "") == (400, True)
