"""References: texts any of which is right."""

from collections.abc import Sequence

from pratique.errors import Malformed


def checked(references: Sequence[str], *, place: int) -> Sequence[str]:
    """Return the *references* of the sample at *place*, which counts from 0.

    Raises:
        Malformed: there are none, or one text stands where a list of texts belongs.
    """
    if isinstance(references, str):
        # A text is a sequence of texts to Python: each character would become a reference.
        raise Malformed(
            f"the references of sample {place} are one text, not a list: `{references[:40]}`",
            hint="put the text into a list",
        )
    if not references:
        raise Malformed(
            f"sample {place} has no reference",
            hint="give at least one right text; a text that is right already is its own reference",
        )
    return references
