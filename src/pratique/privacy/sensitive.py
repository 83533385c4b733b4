"""Values that must not leak: what a user wrote, what a model answered, and keys."""

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Sensitive(Generic[T]):
    """User content on its way through the service.

    It has no text form: formatting, joining and pickling it raise, and its `repr` says nothing.
    Only code that truly works on content calls `reveal`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the content itself."""
        return self._value

    def __repr__(self) -> str:
        return "<content withheld>"

    def __str__(self) -> NoReturn:
        raise TypeError("content cannot be turned into text; `reveal` it where it is worked on")

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError("content cannot be formatted; `reveal` it where it is worked on")

    def __reduce__(self) -> NoReturn:
        raise TypeError("content cannot be pickled or copied")


class Masked(str):
    """A secret that a library must be given as text: its `repr`, as in a crash dump, says nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret withheld>"


class Secret(Sensitive[str]):
    """A key or token; compared by its owner only after `reveal`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret withheld>"
