"""The logs of real models that calls to verdict are counted on."""

from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[2] / "shared" / "data"


class Known(NamedTuple):
    """How a log is read."""

    name: str
    """Short, for the table."""

    file: str
    """Path beneath the folder of data."""

    scale: str
    """LOW:HIGH."""

    lower_is_better: bool = False
    """True for penalties."""

    skip: tuple[str, ...] = ()
    """Columns that are no models."""


LOGS = (
    Known("CRUXEval", "peritem-cruxeval/correct.csv", "0:1"),
    Known(
        "AlpacaEval",
        "peritem-alpacaeval2/preference.csv",
        "0:1",
        skip=("dataset", "reference_chars"),
    ),
    Known("IFEval", "peritem-ifeval/strict.csv", "0:1", skip=("instructions",)),
    Known("MQM zh-en", "peritem-mqm-zhen/newstest2020.csv", "0:25", lower_is_better=True),
    Known(
        "WildBench 4t",
        "peritem-wildbench/score_v2.0522_judge_gpt-4-turbo-2024-04-09.csv",
        "1:10",
    ),
    Known("WildBench 4o", "peritem-wildbench/score_v2.0522_judge_gpt-4o-2024-05-13.csv", "1:10"),
)
