"""Requests: what each partner is sent, as its documentation says."""

import asyncio

import pytest

from pratique.partners.contract import Call, Picture, Tool, ToolCall, Turn
from pratique.privacy import Sensitive

from .stage import DIALECTS, PARTNERS, call, on_stage, text_of

TOOL = Tool(
    name="weather",
    about="Tells the weather.",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


def sent(dialect: str, one: Call, *, stream: bool = False, model: str = "") -> dict[str, object]:
    """Return the body that the stand-in of *dialect* received."""

    async def run() -> dict[str, object]:
        async with on_stage(dialect, model=model) as stage:
            reply = (await stage.streamed(one))[1] if stream else await stage.model.complete(one)
            assert reply.status == "ok", (reply.code, reply.detail)
            body = stage.stand_in.seen[-1].body
            assert isinstance(body, dict)
            return body

    return asyncio.run(run())


def switchable(dialect: str) -> str:
    """Return a model of *dialect* whose thinking can be switched; empty where there is none."""
    models = PARTNERS[dialect].models
    return next((m.id for m in models if m.capabilities.thinking == "switchable"), "")


SWITCHES = {
    "enable_thinking": ("enable_thinking", False, True),
    "thinking_type": ("thinking", {"type": "disabled"}, {"type": "enabled"}),
    "chat_template": (
        "chat_template_kwargs",
        {"enable_thinking": False},
        {"enable_thinking": True},
    ),
}


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if switchable(d)])
def test_thinking_is_switched_off_and_on_by_the_partners_own_switch(dialect: str) -> None:
    """A partner's default may be on: a feature that forgets to say so pays seconds of silence."""
    name, off, on = SWITCHES[PARTNERS[dialect].dialect.thinking]
    model = switchable(dialect)
    assert sent(dialect, call(), model=model)[name] == off
    assert sent(dialect, call(thinking=True), stream=True, model=model)[name] == on


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if switchable(d)])
def test_what_a_model_thinks_is_kept_apart(dialect: str) -> None:
    """In the reply for records of ours, never in the text; and nothing of it when it was off."""

    async def run() -> None:
        async with on_stage(dialect, model=switchable(dialect)) as stage:
            quiet = await stage.model.complete(call())
            _, loud = await stage.streamed(call(thinking=True))
            whole = await stage.model.complete(call(thinking=True))
            assert quiet.reasoning.reveal() == "" and loud.reasoning.reveal() != ""
            assert loud.reasoning.reveal() == whole.reasoning.reveal()
            assert loud.text.reveal() == quiet.text.reveal() == whole.text.reveal()
            assert loud.reasoning.reveal() not in loud.text.reveal()

    asyncio.run(run())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_usage_is_asked_for_in_every_stream(dialect: str) -> None:
    """No partner of the five sends it unasked."""
    body = sent(dialect, call(), stream=True)
    assert body["stream"] is True and body["stream_options"] == {"include_usage": True}
    assert "stream" not in sent(dialect, call())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_token_limit_stands_in_the_field_that_the_partner_reads(dialect: str) -> None:
    """In one field and no other, so that two limits never contradict each other."""
    body = sent(dialect, call(max_tokens=77))
    named = [name for name in ("max_tokens", "max_completion_tokens") if name in body]
    assert named == [PARTNERS[dialect].dialect.max_tokens] and body[named[0]] == 77


def test_a_users_pseudonym_goes_where_the_partner_keeps_offences_apart() -> None:
    """Else one user's offences are the account's."""
    assert sent("deepseek", call(end_user="u-1"))["user_id"] == "u-1"
    assert "user_id" not in sent("deepseek", call())
    assert "u-1" not in str(sent("alibaba", call(end_user="u-1")))


def test_reasoning_is_sent_back_where_the_partner_asks_for_it_and_nowhere_else() -> None:
    """DeepSeek refuses a conversation with tools without it; elsewhere it would be billed again."""
    asked = ToolCall(id="c1", name="weather", arguments=Sensitive('{"city":"x"}'))
    turns = (
        Turn(role="user", content=Sensitive("weather?")),
        Turn(
            role="assistant", content=Sensitive(""), tool_calls=(asked,), reasoning=Sensitive("hm")
        ),
        Turn(role="tool", content=Sensitive("rain"), answers="c1"),
    )
    back = sent("deepseek", call(turns=turns, tools=(TOOL,), thinking=True), stream=True)
    kept = sent("alibaba", call(turns=turns, tools=(TOOL,)))
    assert back["messages"][1]["reasoning_content"] == "hm"  # type: ignore[index]
    assert "reasoning_content" not in kept["messages"][1]  # type: ignore[index]
    assert back["messages"][2]["tool_call_id"] == "c1"  # type: ignore[index]


def test_a_picture_travels_inside_the_call() -> None:
    """An address would be fetched by the partner, from wherever it is."""
    picture = Picture(media_type="image/png", data=Sensitive(b"\x89PNG\r\n"))
    turns = (Turn(role="user", content=Sensitive("what is it?"), pictures=(picture,)),)
    content = sent("bytedance", call(turns=turns))["messages"][0]["content"]  # type: ignore[index]
    assert content[0]["image_url"]["url"] == "data:image/png;base64,iVBORw0K"
    assert content[1] == {"type": "text", "text": "what is it?"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_tool_that_must_be_asked_for_is_asked_for_whole_and_streamed(dialect: str) -> None:
    """Its arguments come in pieces, and come to the same."""

    async def run() -> None:
        async with on_stage(dialect) as stage:
            one = call("weather, please", tools=(TOOL,), tool_choice="required")
            whole = await stage.model.complete(one)
            pieces, streamed = await stage.streamed(one)
            assert whole.status == streamed.status == "ok" and text_of(pieces) == ""
            for reply in (whole, streamed):
                (asked,) = reply.tool_calls
                assert (asked.name, asked.arguments.reveal()) == ("weather", '{"city":"text"}')

    asyncio.run(run())
