"""Over-correction: how often a text that was right already was changed."""

from collections.abc import Sequence

from pratique.evals.metrics.figures import Figure, share


def over_correction(texts: Sequence[tuple[str, str]]) -> Figure:
    """Return the share of *texts*, each (right text, what came back), that were changed.

    Any code point counts, spaces and the width of a comma too: it is the user's text. A sample
    that was not answered leaves the text alone, and takes part as its own text.

    Raises:
        Malformed: there are no texts.
    """
    changed = sum(before != after for before, after in texts)
    return share(
        changed, len(texts), name="over-correction", counts="texts that were right already"
    )
