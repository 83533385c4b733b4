"""ByteDance's own client, `volcenginesdkarkruntime`."""

from functools import cache

from volcenginesdkarkruntime import Ark  # type: ignore[import-not-found]
from volcenginesdkarkruntime._exceptions import ArkError  # type: ignore[import-not-found]

from tools.checks.sdks.telling import MESSAGES, TIMEOUT, TOOL, Action, Heard, Place, tell


def call(place: Place, action: Action, heard: Heard) -> None:
    """Make one call."""
    client = _client(place)
    try:
        if action in ("stream", "tools"):
            _stream(client, place.model, action, heard)
        else:
            _plain(client, place.model, heard)
    except ArkError as error:
        heard.raised(error)


@cache
def _client(place: Place) -> Ark:
    return Ark(base_url=place.base_url, api_key=place.key, max_retries=0, timeout=TIMEOUT)


def _plain(client: Ark, model: str, heard: Heard) -> None:
    answer = client.chat.completions.create(model=model, messages=MESSAGES)
    heard.tokens = answer.usage.total_tokens if answer.usage else 0
    for choice in answer.choices or ():
        heard.text, heard.finish = choice.message.content or "", choice.finish_reason or ""
        heard.reasoning = choice.message.reasoning_content or ""


def _stream(client: Ark, model: str, action: Action, heard: Heard) -> None:
    extra = {"tools": [TOOL]} if action == "tools" else {}
    usage = {"include_usage": True}
    for chunk in client.chat.completions.create(
        model=model, messages=MESSAGES, stream=True, stream_options=usage, **extra
    ):
        heard.chunks += 1
        if chunk.usage:
            heard.tokens = chunk.usage.total_tokens
        for choice in chunk.choices:
            heard.text += choice.delta.content or ""
            heard.reasoning += choice.delta.reasoning_content or ""
            heard.finish = choice.finish_reason or heard.finish
            for use in choice.delta.tool_calls or ():
                heard.tool += use.function.name or ""
                heard.arguments += use.function.arguments or ""


if __name__ == "__main__":
    tell(call)
