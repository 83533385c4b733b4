"""Figures that are made again from what is kept, and sentences where they are not what was said."""

import msgspec

TOLERANCE = 1e-9
"""Largest difference between two figures that are the same."""

Value = float | int | str | None
"""A number, a word, or nothing."""


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure, as it was made again."""

    record: str
    """Record that says it, or that it was made from."""
    about: str
    """What it is about: a model, a release, a test."""
    name: str
    """Which figure of it."""
    value: Value
    """What it comes to."""


class Remade:
    """What was made again so far."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        """Every figure, as what is kept gives it."""
        self.faults: list[str] = []
        """A sentence for each that is not what was said."""
        self.notes: list[str] = []
        """What an edit of the workspace may leave, and is no fault."""

    def see(self, record: str, about: str, name: str, said: Value, made: Value) -> None:
        """Take in the figure *name*, which *record* *said* and what is kept *made*."""
        self.tell(record, about, name, made)
        if not same(said, made):
            self.faults.append(
                f"`{record}`, {about}: {name} is given as {_shown(said)},"
                f" what is kept gives {_shown(made)}"
            )

    def tell(self, record: str, about: str, name: str, made: Value) -> None:
        """Take in a figure that follows from *record* and is written down nowhere else."""
        self.figures.append(Figure(record=record, about=about, name=name, value=made))


def same(one: Value, other: Value) -> bool:
    """Say whether two figures are the same, but for the last digits of a sum."""
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) <= TOLERANCE * max(1.0, abs(one))
    return one == other


def _shown(value: Value) -> str:
    return (
        f"{value:.6g}" if isinstance(value, float) else "nothing" if value is None else str(value)
    )
