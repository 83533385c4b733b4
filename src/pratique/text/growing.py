"""A text that grows piece by piece, kept in little room."""

_LOOSE = 64
"""Pieces that are kept apart, at most: an object takes far more room than a word's characters."""


class Growing:
    """Pieces of one text. Empty, it is false."""

    __slots__ = ("_joined", "_loose")

    def __init__(self) -> None:
        self._joined: list[str] = []
        self._loose: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._loose or self._joined)

    def append(self, piece: str) -> None:
        """Add *piece* at the end."""
        self._loose.append(piece)
        if len(self._loose) >= _LOOSE:
            self._joined.append("".join(self._loose))
            self._loose.clear()

    def whole(self) -> str:
        """Return the text so far."""
        return "".join((*self._joined, *self._loose))
