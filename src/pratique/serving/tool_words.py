"""Arguments of tools: JSON inside a text, opened so that its words are screened as they will be read.

An escape such as `\\u0041` hides a word from whoever looks at the text alone.
"""

from collections.abc import Callable, Mapping

import msgspec

FIELD = "tool_calls"
"""Field of an output that holds the tools that are asked for."""


def opened(words: dict[str, object]) -> dict[str, object]:
    """Return *words* with the arguments of tools decoded; they are JSON objects, which a check says."""
    return _each(words, lambda text: msgspec.json.decode(str(text) or "{}"))


def closed(words: Mapping[str, object]) -> dict[str, object]:
    """Return *words* with the arguments of tools as a text again."""
    return _each(dict(words), lambda value: msgspec.json.encode(value).decode())


def _each(words: dict[str, object], turned: Callable[[object], object]) -> dict[str, object]:
    calls = words.get(FIELD)
    if not isinstance(calls, list):
        return words
    changed = [{**one, "arguments": turned(one["arguments"])} for one in calls]
    return {**words, FIELD: changed}
