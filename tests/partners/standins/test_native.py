"""Tests of the paths that only one partner has: DashScope's own, and Baidu's short-lived token."""

import asyncio

import msgspec
import pytest

from pratique.partners.standins.server import StandIn
from tests.partners.standins.asking import Heard, ask, connected, scenario
from tests.partners.standins.test_answers import WEATHER, user

TEXT = "//api/v1/services/aigc/text-generation/generation"
PARTS = "//api/v1/services/aigc/multimodal-generation/generation"


class _Message(msgspec.Struct):
    content: str | list[dict[str, str]]
    reasoning_content: str
    tool_calls: list[dict[str, dict[str, str] | str | int]] = []


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str


class _Output(msgspec.Struct):
    choices: list[_Choice]


def heard(path: str, parameters: dict[str, object], said: object = "你好", **more: str) -> Heard:
    body = {"model": "m", "input": {"messages": [user(said)]}, "parameters": parameters}

    async def check() -> Heard:
        async with StandIn("alibaba", models=()) as one:
            return await ask(one, body, path, **more)

    return asyncio.run(check())


def first(data: dict[str, object]) -> _Choice:
    return msgspec.convert(data["output"], _Output).choices[0]


def test_an_answer_is_a_text_unless_a_message_is_asked_for() -> None:
    answer = heard(TEXT, {})
    assert answer.data["output"] == {"text": "你说：你好", "finish_reason": "stop"}
    assert answer.data["request_id"]
    assert first(heard(TEXT, {"result_format": "message"}).data).message.content == "你说：你好"


def test_the_path_of_multimodal_models_answers_in_parts() -> None:
    parts = [{"image": "https://example.org/a.jpg"}, {"text": "what"}]
    message = first(heard(PARTS, {}, parts).data).message
    assert message.content == [{"text": "I see 1 picture(s): image/jpeg. You said: what"}]


@pytest.mark.parametrize("increments", [True, False])
def test_a_stream_carries_what_is_new_or_all_so_far(increments: bool) -> None:
    wanted = {
        "result_format": "message",
        "incremental_output": increments,
        "enable_thinking": True,
    }
    answer = heard(TEXT, wanted, **{"x-dashscope-sse": "enable"})
    assert answer.body.startswith(b"id:1\nevent:result\n:HTTP_STATUS/200\ndata:{")
    choices = [first(event) for event in answer.events]
    texts = [str(one.message.content) for one in choices]
    thoughts = [one.message.reasoning_content for one in choices]
    assert {one.finish_reason for one in choices[:-1]} == {"null"}
    assert choices[-1].finish_reason == "stop"
    assert ("".join(texts) if increments else texts[-1]) == "你说：你好"
    assert ("".join(thoughts) if increments else thoughts[-1]) == "用户说“你好”，直接回答。"


def test_a_tool_is_asked_for_in_pieces() -> None:
    wanted: dict[str, object] = {"tools": [WEATHER], "tool_choice": "required"}
    events = heard(
        TEXT, {**wanted, "incremental_output": True}, **{"x-dashscope-sse": "enable"}
    ).events
    calls = [call for event in events for call in first(event).message.tool_calls]
    functions = [msgspec.convert(call["function"], dict[str, str]) for call in calls]
    assert "".join(one["arguments"] for one in functions) == '{"city":"text"}'
    last = heard(TEXT, wanted, **{"x-dashscope-sse": "enable"}).events[-1]
    assert first(last).finish_reason == "tool_calls"
    assert len(first(last).message.tool_calls) == 1


def test_errors_are_flat() -> None:
    answer = heard(TEXT, {}, authorization="Bearer wrong")
    assert (answer.status, answer.data["code"]) == (401, "InvalidApiKey")
    broken = heard(TEXT, {"max_tokens": "many"})
    assert (broken.status, broken.data["code"]) == (400, "InvalidParameter")


def test_scenarios_are_played_on_these_paths_too() -> None:
    async def check() -> Heard:
        async with StandIn("alibaba", models=()) as one:
            one.play(scenario(events=['id:1\nevent:error\ndata:{"code":"x"}\n\n']))
            return await ask(one, {"model": "m"}, TEXT, **{"x-dashscope-sse": "enable"})

    assert asyncio.run(check()).events == [{"code": "x"}]


def test_a_short_lived_token_is_given_for_signed_requests() -> None:
    async def check() -> None:
        async with StandIn("baidu", models=()) as one, connected(one) as client:
            client.request(one, "GET", "//v1/BCE-BEARER/token", authorization="bce-auth-v1/a")
            assert (await client.hear()).data["token"] == one.key

    asyncio.run(check())
