"""Baidu's own client, `qianfan.ChatCompletion` in its second version."""

from qianfan import ChatCompletion, get_config  # type: ignore[import-not-found]
from qianfan.errors import APIError, QianfanError  # type: ignore[import-not-found]

from tools.checks.sdks.telling import MESSAGES, TIMEOUT, TOOL, Action, Heard, Place, tell


def call(place: Place, action: Action, heard: Heard) -> None:
    """Make one call."""
    config = get_config()
    # The client adds `/v2` itself.
    config.CONSOLE_API_BASE_URL = config.IAM_BASE_URL = place.base_url.removesuffix("/v2")
    config.DISABLE_CACHE = True
    if action == "signed":
        config.BEARER_TOKEN, config.ACCESS_KEY, config.SECRET_KEY = None, "access", "secret"
    else:
        config.BEARER_TOKEN, config.ACCESS_KEY, config.SECRET_KEY = place.key, None, None
    try:
        client = ChatCompletion(version="2", model=place.model)
        if action in ("stream", "tools"):
            _stream(client, action, heard)
        else:
            answer = client.do(messages=MESSAGES, retry_count=1, request_timeout=TIMEOUT)
            _hear(answer.body, "message", heard)
    except APIError as error:
        heard.raised(error)
        heard.code = str(error.error_code)
    except QianfanError as error:
        heard.raised(error)


def _stream(client: ChatCompletion, action: Action, heard: Heard) -> None:
    extra = {"tools": [TOOL]} if action == "tools" else {}
    for answer in client.do(
        messages=MESSAGES,
        stream=True,
        stream_options={"include_usage": True},
        retry_count=1,
        request_timeout=TIMEOUT,
        **extra,
    ):
        heard.chunks += 1
        _hear(answer.body, "delta", heard)


def _hear(body: dict[str, object], part: str, heard: Heard) -> None:
    usage, choices = body.get("usage"), body["choices"]
    if isinstance(usage, dict):
        heard.tokens = usage["total_tokens"]
    assert isinstance(choices, list)
    for choice in choices:
        said = choice[part]
        heard.text += said.get("content") or ""
        heard.reasoning += said.get("reasoning_content") or ""
        heard.finish = choice.get("finish_reason") or heard.finish
        for use in said.get("tool_calls") or ():
            heard.tool += use["function"].get("name") or ""
            heard.arguments += use["function"].get("arguments") or ""


if __name__ == "__main__":
    tell(call)
