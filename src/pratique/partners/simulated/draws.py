"""Draws: numbers that look like chance, yet the same call always draws the same."""

import hashlib
import math
from statistics import NormalDist

from pratique.partners.contract import Call
from pratique.partners.simulation import Latency

_NORMAL = NormalDist()


class Draws:
    """The draws of one call. They live as long as the call does: nothing of its content is kept."""

    def __init__(self, seed: int, model: str, served: str, call: Call) -> None:
        content = hashlib.blake2b(key=str(seed).encode(), digest_size=32)
        for part in (model.encode(), served.encode(), call.form.encode(), *_content(call)):
            content.update(len(part).to_bytes(8, "big"))
            content.update(part)
        self._root = content.digest()

    def share(self, purpose: str) -> float:
        """Return the number, above 0 and below 1, that this call draws for *purpose*."""
        drawn = hashlib.blake2b(purpose.encode(), key=self._root, digest_size=8).digest()
        # 52 bits and a half: neither 0 nor, by rounding, 1.
        return ((int.from_bytes(drawn, "big") >> 12) + 0.5) / 2**52

    def seconds(self, latency: Latency) -> float:
        """Return the time that this call takes when nothing else is in flight."""
        return latency.median * math.exp(latency.spread * _NORMAL.inv_cdf(self.share("latency")))


def _content(call: Call) -> list[bytes]:
    """Return what is said in *call*, without its sampling and its deadline."""
    parts = []
    for turn in call.turns:
        parts += [turn.role.encode(), turn.content.reveal().encode()]
        parts += [picture.data.reveal() for picture in turn.pictures]
    return parts
