"""Alibaba's own client, `dashscope.Client`, on DashScope's own path or on the OpenAI-style one."""

from functools import cache

from dashscope import Client  # type: ignore[import-not-found]
from dashscope.v2.errors import DashScopeError  # type: ignore[import-not-found]

from tools.checks.sdks.telling import MESSAGES, PICTURE, TIMEOUT, TOOL, Action, Heard, Place, tell


def call(place: Place, action: Action, heard: Heard) -> None:
    """Make one call."""
    client = _client(place)
    try:
        if action in ("stream", "tools"):
            _stream(client, place.model, action, heard)
        else:
            _plain(client, place.model, action, heard)
    except DashScopeError as error:
        heard.raised(error)


@cache
def _client(place: Place) -> Client:
    return Client(
        base_url=place.base_url,
        api_key=place.key,
        protocol="openai" if "/compatible-mode/" in place.base_url else "native",
        max_retries=0,
        timeout=TIMEOUT,
    )


def _plain(client: Client, model: str, action: Action, heard: Heard) -> None:
    # A picture goes to DashScope's other path by itself.
    shown = [{"role": "user", "content": [{"type": "image", "url": PICTURE}]}]
    messages = shown if action == "picture" else MESSAGES
    answer = client.chat.completions.create(model=model, messages=messages)
    heard.tokens = answer.usage.total_tokens if answer.usage else 0
    for choice in answer.choices or ():
        heard.text, heard.finish = choice.message.content or "", choice.finish_reason or ""
        heard.reasoning = choice.message.reasoning_content or ""


def _stream(client: Client, model: str, action: Action, heard: Heard) -> None:
    extra = {"tools": [TOOL]} if action == "tools" else {}
    for chunk in client.chat.completions.create(
        model=model, messages=MESSAGES, stream=True, **extra
    ):
        heard.chunks += 1
        if chunk.usage:
            heard.tokens = chunk.usage.total_tokens
        for choice in chunk.choices:
            heard.text += choice.delta.content or ""
            heard.reasoning += choice.delta.reasoning_content or ""
            heard.finish = _finish(choice.finish_reason) or heard.finish
            for use in choice.delta.tool_calls or ():
                heard.tool += use.function.name or ""
                heard.arguments += use.function.arguments or ""


def _finish(word: str | None) -> str:
    """Return why it ended; DashScope's own path says `null`, the word, until it does."""
    return "" if word in (None, "null") else str(word)


if __name__ == "__main__":
    tell(call)
