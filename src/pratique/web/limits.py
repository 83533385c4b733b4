"""Limits: how much one device and one app may ask, and how much may run at once."""

import math
from collections.abc import Callable

from pratique.settings.workspace import Limits
from pratique.web.problems import Problem

MOST_BUCKETS = 100_000
"""Buckets that are kept at once; where more are needed, the fullest go first."""


class Buckets:
    """Token buckets of one kind. Each is one number: when it would be full again."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float]) -> None:
        """Let *burst* requests through at once and *per_minute* in the long run; 0 sets no limit."""
        self._each = 60.0 / per_minute if per_minute else 0.0
        self._depth = self._each * burst
        self._clock = clock
        self._full_at: dict[str, float] = {}

    def take(self, key: str) -> float:
        """Take one from the bucket *key*; return 0, or the seconds until it holds one again."""
        if not self._each:
            return 0.0
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now) + self._each
        # Sums of fractions are not exact: who waited as told is not sent away for a billionth.
        if full_at - now > self._depth + 1e-9:
            return full_at - now - self._depth
        if len(self._full_at) >= MOST_BUCKETS and key not in self._full_at:
            self._forget(now)
        self._full_at[key] = full_at
        return 0.0

    def _forget(self, now: float) -> None:
        """Drop what is full again, and if that is not enough the half that is nearest to it."""
        kept = {key: at for key, at in self._full_at.items() if at > now}
        if len(kept) >= MOST_BUCKETS:
            emptiest = sorted(kept.items(), key=lambda one: one[1])[len(kept) // 2 :]
            kept = dict(emptiest)
        self._full_at = kept


class Gatekeeper:
    """Everything that is held back before a model is asked."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._devices = Buckets(limits.device_per_minute, limits.device_burst, clock)
        self._apps = Buckets(limits.app_per_minute, limits.app_burst, clock)
        self._most = limits.concurrent_requests
        self.running = 0
        """Requests that are being answered."""
        self.draining = False
        """Whether no new request is taken: the service is about to end."""

    def enter(self) -> None:
        """Count one more request, which `leave` must end.

        Raises:
            Problem: too many are running already, or the service is about to end.
        """
        if self.draining:
            raise Problem(
                "shutting_down", "this server takes no new request", "ask again", retry_after=1
            )
        if self.running >= self._most:
            raise Problem(
                "overloaded",
                f"{self._most} requests are running already",
                "try again a little later",
                retry_after=1,
            )
        self.running += 1

    def leave(self) -> None:
        """Count one request less."""
        self.running -= 1

    def require_within(self, app: str, device: str) -> None:
        """Hold back a device or an app that asks too often.

        Raises:
            Problem: it does.
        """
        for whose, wait in (
            ("this device", self._devices.take(device)),
            ("this API key", self._apps.take(app)),
        ):
            if wait:
                raise Problem(
                    "rate_limited",
                    f"{whose} asks more often than it may",
                    "wait, as `Retry-After` says",
                    retry_after=max(1, math.ceil(wait)),
                )
