"""What the same decisions cost when their size is planned beforehand and never looked at."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POWER_QUANTILE = 0.8416212335729143
"""Normal quantile at 0.8, the usual power."""


def normal_quantile(share: float) -> float:
    """Return the normal quantile at *share*, above 0 and below 1."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


def planned_samples(variance: float, distance: float, error: float) -> int:
    """Return the samples that find *distance* with 80 % power; *error* is that of one side."""
    z = normal_quantile(1.0 - error) + POWER_QUANTILE
    return max(2, math.ceil(z * z * variance / (distance * distance)))


def planned_pair(gaps: Floats, delta: float, alpha: float) -> int:
    """Return what a paired z test says of *gaps*: 1 A, 2 B, 3 no difference, 0 nothing."""
    mean, error = float(gaps.mean()), float(gaps.std(ddof=1)) / math.sqrt(len(gaps))
    error = max(error, 1e-12)
    if abs(mean) > normal_quantile(1.0 - alpha / 2) * error:
        return 1 if mean > 0 else 2
    return 3 if abs(mean) + normal_quantile(1.0 - alpha) * error < delta else 0
