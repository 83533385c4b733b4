"""Alibaba's earlier client, `dashscope.Generation`, which tells of failures and raises nothing."""

import dashscope  # type: ignore[import-not-found]
from dashscope import Generation

from tools.checks.sdks.telling import MESSAGES, TIMEOUT, TOOL, Action, Heard, Place, tell


def call(place: Place, action: Action, heard: Heard) -> None:
    """Make one call; this client has no retries of its own but after a reset connection."""
    dashscope.base_http_api_url = place.base_url
    asked = {
        "api_key": place.key,
        "model": place.model,
        "messages": MESSAGES,
        "result_format": "message",
        "request_timeout": TIMEOUT,
    }
    match action:
        case "stream" | "tools":
            extra = {"tools": [TOOL]} if action == "tools" else {}
            for answer in Generation.call(**asked, stream=True, incremental_output=True, **extra):
                heard.chunks += 1
                _hear(answer, heard)
        case _:
            _hear(Generation.call(**asked), heard)


def _hear(answer: object, heard: Heard) -> None:
    status, output = getattr(answer, "status_code", None), getattr(answer, "output", None)
    if status != 200 or output is None:
        heard.failed(status, getattr(answer, "code", None))
        return
    choice = output.choices[0]
    heard.text += choice.message.content or ""
    heard.reasoning += choice.message.get("reasoning_content") or ""
    heard.tokens = _tokens(answer)
    if choice.finish_reason != "null":
        heard.finish = choice.finish_reason
    for use in choice.message.get("tool_calls") or ():
        heard.tool += use["function"].get("name") or ""
        heard.arguments += use["function"].get("arguments") or ""


def _tokens(answer: object) -> int:
    """Return the tokens in all that *answer* tells of."""
    usage = getattr(answer, "usage", None)
    return int(usage["total_tokens"]) if usage else 0


if __name__ == "__main__":
    tell(call)
