"""Hearing: the wire of a subject, which also notes what the heads of its answers tell."""

import math
from collections.abc import Mapping

from pratique.partners.remote.wire import Answer, Wire
from pratique.privacy import Sensitive

RATE_HEADERS = (
    "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-limit-tokens",
    "x-ratelimit-remaining-tokens",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit",
)
"""Headers in which servers tell what is left of a limit."""


class Hearing(Wire):
    """A wire that listens."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.rated = 0
        """Answers that told what is left of a limit."""

    async def opened(
        self,
        path: str,
        headers: Mapping[str, str],
        body: Sensitive[bytes],
        seconds: float = math.inf,
    ) -> Answer:
        """Send *body* and return the head of the answer (see `Wire.opened`)."""
        response = await super().opened(path, headers, body, seconds)
        if response.status == 200:
            self.rated += any(response.field(name) is not None for name in RATE_HEADERS)
        return response
