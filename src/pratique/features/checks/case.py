"""Cases: what a check looks at, and what it finds."""

from collections.abc import Mapping

import msgspec

Fields = Mapping[str, object]


class CheckUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack's use of a check."""

    id: str
    """Name of the check."""
    revision: int
    """Revision of its behaviour; part of the digest."""
    field: str = ""
    """Field of the output that it looks at; `*` for all of it."""
    source: str = ""
    """Field of the input that it compares with; `*` for all of it."""
    most: Mapping[str, Mapping[str, int]] = {}
    """For lengths: the most per locale and per value of the input's `length` (`any` for all)."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found."""

    id: str
    """Name of the check."""
    passed: bool
    """Whether it holds."""
    why: str = ""
    """If not, why, in words that hold no content."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What a check looks at."""

    use: CheckUse
    """The pack's use of the check."""
    locale: str
    """Locale of the request."""
    request: Fields
    """The request's `input`."""
    output: Fields
    """The answer's `output`, already valid by its schema."""

    @property
    def texts(self) -> list[str]:
        """Every string in the field that is looked at."""
        return texts_in(_part(self.output, self.use.field))

    @property
    def written(self) -> str:
        """The same, in one text."""
        return _whole(_part(self.output, self.use.field))

    @property
    def source(self) -> str:
        """Every string in the field that is compared with, in one text; names of keys are none."""
        return _whole(_part(self.request, self.use.source))


def _part(fields: Fields, name: str) -> object:
    return fields if name == "*" else fields.get(name)


def _whole(value: object) -> str:
    return value if isinstance(value, str) else "\n".join(texts_in(value))


def texts_in(value: object) -> list[str]:
    """Return every string inside *value*, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in texts_in(item)]
    return []
