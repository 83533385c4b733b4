"""Statistics: numbers in, numbers out; what scores prove, and how many of them it takes."""

from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.clusters import Clusters
from pratique.evals.statistics.planning import Truth, family_alpha, samples_needed
from pratique.evals.statistics.proportions import lower_bound, upper_bound
from pratique.evals.statistics.sequences import (
    ConfidenceSequence,
    Decision,
    Look,
    SequenceBatch,
    decide,
)

__all__ = [
    "TIE",
    "Clusters",
    "ConfidenceSequence",
    "Decision",
    "Look",
    "SequenceBatch",
    "Truth",
    "decide",
    "family_alpha",
    "lower_bound",
    "samples_needed",
    "upper_bound",
]
