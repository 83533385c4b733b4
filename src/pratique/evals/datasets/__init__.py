"""Data sets that an operator has in a folder of their own; nothing of them comes with the product."""

from collections.abc import Mapping

from pratique.evals.datasets import (
    dialogues,
    grammar,
    instructions,
    meetings,
    messages,
    questions,
    simplification,
    spelling,
    titles,
    translation,
)
from pratique.evals.datasets.dataset import Dataset, LeftOut, Reading

__all__ = ["DATASETS", "Dataset", "LeftOut", "Reading"]

DATASETS: Mapping[str, Dataset] = {
    one.id: one
    for family in (
        spelling.DATASETS,
        grammar.DATASETS,
        titles.DATASETS,
        meetings.DATASETS,
        dialogues.DATASETS,
        translation.DATASETS,
        questions.DATASETS,
        instructions.DATASETS,
        simplification.DATASETS,
        messages.DATASETS,
    )
    for one in family
}
"""Every data set by its id."""
