"""Words inside a request or an output: every string value, wherever it stands."""

from collections.abc import Callable, Iterator, Mapping


def words_in(value: object) -> Iterator[str]:
    """Yield every string value in *value*; names of fields are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from words_in(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from words_in(one)


def reworded(value: object, word: Callable[[str], str]) -> object:
    """Return *value* with every string in it as *word* puts it."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, Mapping):
        return {name: reworded(one, word) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [reworded(one, word) for one in value]
    return value
