"""Records: what one sample of another tool's log comes to, the same for every tool."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from pratique.errors import Malformed
from pratique.evals.outcomes import Outcome

Tool = Literal["inspect", "lm-eval", "evalscope", "opencompass", "promptfoo"]
"""Tools whose logs can be read."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """One sample of another tool's log. What the model wrote stays in that log."""

    item: str
    """The sample, as the tool names it."""
    model: str
    """The model, as the tool names it."""
    repeat: int
    """Which time it was asked, from 1: an epoch in Inspect."""
    score: float
    """What the tool gave; 0 where it could give nothing. Its scale is the metric's."""
    outcome: Outcome
    """What became of it. An error of the tool is `failed`: no wrong answer, and counted all the same."""
    tool: Tool
    """Tool that wrote the log."""
    version: str
    """Version of the tool; empty where its log does not say."""
    task: str
    """What was asked, as the tool names it."""
    metric: str
    """Which of the tool's scores it is."""
    log: str
    """Digest of the log's bytes."""


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """One log, read whole."""

    digest: str
    """Hash of its bytes."""
    file: str
    """Name of the file, without its folder."""
    tool: Tool
    """Tool that wrote it."""
    version: str
    """Version of the tool; empty where the log does not say."""
    task: str
    """What was asked."""
    metric: str
    """Score that was taken."""
    items: tuple[Imported, ...]
    """Every sample, in the log's order."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models in it, in the order in which they appear."""
        return tuple(dict.fromkeys(one.model for one in self.items))

    def outcomes(self, model: str) -> Mapping[str, int]:
        """Return how many samples of *model* came to each outcome."""
        return dict(sorted(Counter(x.outcome for x in self.items if x.model == model).items()))


def require_once(items: Sequence[tuple[int, Imported]], where: str) -> tuple[Imported, ...]:
    """Return the items of *where*, each of which stands there once.

    Raises:
        Malformed: a sample stands there twice, with both places, or none does.
    """
    if not items:
        raise Malformed(
            f"{where}: it holds no sample", hint="write per-sample results with the tool"
        )
    seen: dict[tuple[str, str, int], int] = {}
    for place, one in items:
        key = (one.item, one.model, one.repeat)
        if key in seen:
            raise Malformed(
                f"{where}: `{one.item}` of `{one.model}` stands at {place} and at {seen[key]}",
                hint="import logs of one run; a sample asked again needs its own epoch",
            )
        seen[key] = place
    return tuple(one for _, one in items)
