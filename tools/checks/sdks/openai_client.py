"""OpenAI's own client, which drives every dialect of the OpenAI-style wire."""

from functools import cache

from openai import OpenAI, OpenAIError  # type: ignore[import-not-found]

from tools.checks.sdks.telling import MESSAGES, PICTURE, TIMEOUT, TOOL, Action, Heard, Place, tell


def call(place: Place, action: Action, heard: Heard) -> None:
    """Make one call."""
    client = _client(place)
    try:
        match action:
            case "models":
                heard.models = [model.id for model in client.models.list()]
            case "stream" | "tools":
                _stream(client, place.model, action, heard)
            case _:
                _plain(client, place.model, action, heard)
    except OpenAIError as error:
        heard.raised(error)


@cache
def _client(place: Place) -> OpenAI:
    return OpenAI(base_url=place.base_url, api_key=place.key, max_retries=0, timeout=TIMEOUT)


def _plain(client: OpenAI, model: str, action: Action, heard: Heard) -> None:
    picture = {"type": "image_url", "image_url": {"url": PICTURE}}
    shown = [{"role": "user", "content": [picture]}]
    messages = shown if action == "picture" else MESSAGES
    answer = client.chat.completions.create(model=model, messages=messages)
    heard.tokens = answer.usage.total_tokens if answer.usage else 0
    for choice in answer.choices or ():
        heard.text, heard.finish = choice.message.content or "", choice.finish_reason or ""
        heard.reasoning = _reasoning(choice.message)


def _stream(client: OpenAI, model: str, action: Action, heard: Heard) -> None:
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
            heard.reasoning += _reasoning(choice.delta)
            heard.finish = choice.finish_reason or heard.finish
            for use in choice.delta.tool_calls or ():
                heard.tool += use.function.name or ""
                heard.arguments += use.function.arguments or ""


def _reasoning(said: object) -> str:
    """Return what was thought: the client keeps fields that it does not know."""
    for name in ("reasoning_content", "reasoning"):
        thought = getattr(said, name, None)
        if isinstance(thought, str):
            return thought
    return ""


if __name__ == "__main__":
    tell(call)
