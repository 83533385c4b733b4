"""Words inside a request or an output: every string value, wherever it stands."""

from collections.abc import Callable, Iterator, Mapping


def words_in(value: object) -> Iterator[str]:
    """Yield every string value in *value*; names of fields are none."""
    # Depth first with a stack of our own: a generator in a generator costs more than the look.
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | Mapping):
            waiting.extend(reversed(list(one.values())))
        elif isinstance(one, (list, tuple)):
            waiting.extend(reversed(one))


def reworded(value: object, word: Callable[[str], str]) -> object:
    """Return *value* with every string in it as *word* puts it."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, Mapping):
        return {name: reworded(one, word) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [reworded(one, word) for one in value]
    return value
