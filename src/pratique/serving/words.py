"""Words inside a request or an output: every string value, wherever it stands."""

from collections.abc import Callable, Mapping


def words_in(value: object) -> list[str]:
    """Return every string value in *value*, in order; names of fields are none."""
    found: list[str] = []
    # Depth first with a stack of our own: a request is walked several times, and may be deep.
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            waiting += reversed(one.values())
        elif isinstance(one, (list, tuple)):
            waiting += reversed(one)
        elif isinstance(one, Mapping):
            waiting += reversed(list(one.values()))
    return found


def reworded(value: object, word: Callable[[str], str]) -> object:
    """Return *value* with every string in it as *word* puts it."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, Mapping):
        return {name: reworded(one, word) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [reworded(one, word) for one in value]
    return value
