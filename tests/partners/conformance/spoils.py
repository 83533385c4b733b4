"""What is spoiled: one thing of an answer, of an event, or of what is heard of a request."""

from collections.abc import Callable

from .spoiling import Body, choice_of, message_of


def no_usage(body: Body, stream: bool) -> Body | None:
    """Count no tokens."""
    body.pop("usage", None)
    return body if body["choices"] else None


def no_usage_in_stream(body: Body, stream: bool) -> Body | None:
    """Count no tokens in a stream."""
    return no_usage(body, stream) if stream else body


def leaked(body: Body, stream: bool) -> Body | None:
    """Put what was thought into the answer."""
    message = message_of(body)
    thought = message.pop("reasoning_content", None)
    if thought:
        message["content"] = f"{thought}{message.get('content') or ''}"
    return body


def tagged(body: Body, stream: bool) -> Body | None:
    """Leave a tag of thought behind the beginning of the answer."""
    message = message_of(body)
    if message.get("content"):
        message["content"] = f"Well. <think>hm</think>{message['content']}"
    return body


def nameless(body: Body, stream: bool) -> Body | None:
    """Name no call."""
    body.pop("id", None)
    return body


def one_name(body: Body, stream: bool) -> Body | None:
    """Name every call alike."""
    body["id"] = "always-the-same"
    return body


def other_model(body: Body, stream: bool) -> Body | None:
    """Let another model answer streams."""
    body["model"] = "another-model" if stream else body["model"]
    return body


def endless(body: Body, stream: bool) -> Body | None:
    """Never say why it ended."""
    choice_of(body).pop("finish_reason", None)
    return body


def uncut(body: Body, stream: bool) -> Body | None:
    """Say that a cut answer is whole."""
    choice = choice_of(body)
    if choice.get("finish_reason") == "length":
        choice["finish_reason"] = "stop"
    return body


def broken_characters(body: Body, stream: bool) -> Body | None:
    """Cut Chinese between its bytes."""
    message = message_of(body)
    if message.get("content"):
        message["content"] = message["content"].replace("好", "\ufffd\ufffd")
    return body


def no_astral(body: Body, stream: bool) -> Body | None:
    """Lose characters beyond 16 bits."""
    message = message_of(body)
    if message.get("content"):
        message["content"] = "".join(one for one in message["content"] if one < "\U00010000")
    return body


def prose(body: Body, stream: bool) -> Body | None:
    """Wrap JSON in a fence."""
    message = message_of(body)
    if not stream and str(message.get("content", "")).startswith("{"):
        message["content"] = f"```json\n{message['content']}\n```"
    return body


def bad_arguments(body: Body, stream: bool) -> Body | None:
    """Write arguments that are no JSON."""
    for call in message_of(body).get("tool_calls") or ():
        call["function"]["arguments"] = "{city: Hangzhou"
    return body


def same_tool_id(body: Body, stream: bool) -> Body | None:
    """Name every call of a function alike."""
    for call in message_of(body).get("tool_calls") or ():
        call["id"] = "call_1"
    return body


def miscounted(body: Body, stream: bool) -> Body | None:
    """Count more tokens of reasoning than were written."""
    if body.get("usage"):
        body["usage"]["completion_tokens_details"] = {"reasoning_tokens": 90_000}
    return body


def ignoring(*fields: str) -> Callable[[Body], None]:
    """Return what forgets *fields* of a request."""

    def forget(body: Body) -> None:
        for field in fields:
            body.pop(field, None)

    return forget


def deaf_to_roles(body: Body) -> None:
    """Hear the last message alone."""
    body["messages"] = body["messages"][-1:]


def short_of_hearing(body: Body) -> None:
    """Hear the beginning of each message alone."""
    for message in body["messages"]:
        if isinstance(message["content"], str):
            message["content"] = message["content"][:60]


def blind(body: Body) -> None:
    """Drop pictures without a word."""
    for message in body["messages"]:
        if isinstance(message["content"], list):
            message["content"] = [one for one in message["content"] if one["type"] != "image_url"]


def always_tools(body: Body) -> None:
    """Ask for a function whatever was said."""
    if body.get("tool_choice") == "none":
        body["tool_choice"] = "required"


def never_asked(body: Body) -> None:
    """Ask for no function."""
    body.pop("tools", None)
