"""Messages: short messages to phones, of which it is known only whether somebody wanted them.

Advertising and fraud shout `URGENT!`, and are not: measured is whether `priority` lets them pass as
urgent. That is one side only; whoever calls nothing urgent is always right here, so that the figure
counts beside the feature's own suite, never alone. Of wanted messages the set does not say whether
they were urgent: they are left out.
"""

from collections.abc import Iterator
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import table
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample

MOMENT = "2012-03-01T12:00:00+00:00"
"""When each message came and is looked at: the set has no times."""


def _rows(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "SMSSpamCollection.tsv"
    for line, (kind, text) in table(path, least=2, most=2):
        if kind not in ("ham", "spam"):
            raise Malformed(f"`{kind}` is neither `ham` nor `spam`", path=path, line=line)
        if kind == "ham":
            reason = "nobody said whether a wanted message was urgent"
            yield Row(path=path, line=line, left_out=reason)
            continue
        item = {"app_category": "messages", "title": "", "body": text, "ts": MOMENT}
        sample = Sample(
            id=f"{name}-{line:05d}",
            input={"item": item, "now": MOMENT},
            target=Target(urgent=False),
            why="Advertising and fraud would come before what matters.",
        )
        yield Row(path=path, line=line, sample=sample)


DATASETS = (
    Dataset(
        id="en-sms",
        about="Unwanted messages that call themselves urgent (SMS Spam Collection)",
        licence="CC BY 4.0",
        feature="priority",
        scorer="urgency",
        locale="en",
        folder="en-sms",
        rows=_rows,
    ),
)
"""The set of this family."""
