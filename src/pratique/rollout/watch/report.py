"""Report: what one look of the watch saw, and what it did."""

import msgspec

from pratique.assessment.trend import ProgressVerdict
from pratique.filing.clocks import Due
from pratique.rollout.watch.acts import Act
from pratique.rollout.watch.canaries import Flown
from pratique.rollout.watch.identity import Inventory
from pratique.rollout.watch.notices import Retiring


class Forecast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a partner stands against one milestone."""

    partner: str
    """The partner."""
    milestone: str
    """The milestone's name."""
    verdict: ProgressVerdict
    """What it comes to by today."""
    why: str
    """Why, with its figures."""


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One look."""

    market: str
    """Market."""
    at: str
    """When, ISO 8601 in UTC."""
    releases: int
    """Releases that were on when it began."""
    acts: tuple[Act, ...]
    """What was done, each in the ledger; empty where nothing is new."""
    frozen: tuple[str, ...]
    """Releases whose ramp is frozen now."""
    inventories: tuple[Inventory, ...]
    """What partners list."""
    canaries: tuple[Flown, ...]
    """What canaries show."""
    unwatched: tuple[str, ...]
    """What could not be looked at, each with the reason."""
    due: tuple[Due, ...]
    """Clocks of the regime and approvals that end soon."""
    duties: tuple[str, ...]
    """What is due about screening."""
    forecasts: tuple[Forecast, ...]
    """Milestones, as of today."""
    retiring: tuple[Retiring, ...]
    """Models that end, with plans."""
    forgotten: int
    """Expired records of suspensions that were deleted."""
    calls: int = 0
    """Calls that it made."""

    @property
    def turned_off(self) -> tuple[Act, ...]:
        """What no longer serves by this look."""
        return tuple(one for one in self.acts if one.turned_off)

    @property
    def alarming(self) -> bool:
        """Whether a person has to act now: something went off, is overdue and blocks, or is too late."""
        blocked = any(one.overdue and one.blocks for one in self.due)
        return bool(self.turned_off) or blocked or any(one.late for one in self.retiring)

    @property
    def sentences(self) -> list[str]:
        """The look for people, a line each."""
        return [
            f"watched {self.releases} releases in `{self.market}`, {self.calls} calls",
            *(
                f"{'OFF' if one.turned_off else 'done'}: `{one.subject}`: {one.says}"
                for one in self.acts
            ),
            *(f"frozen: `{one}` waits for a confirming run" for one in self.frozen),
            *map(_listed, self.inventories),
            *map(_canary, self.canaries),
            *(f"not watched: {one}" for one in self.unwatched),
            *(f"due: {one.sentence}" for one in self.due),
            *(f"due: {one}" for one in self.duties),
            *(
                f"{one.verdict}: {one.partner}, {one.milestone}: {one.why}"
                for one in self.forecasts
            ),
            *(line for one in self.retiring for line in one.sentences),
        ]


def _listed(one: Inventory) -> str:
    if one.listed is None:
        return f"inventory: {one.says}"
    changes = [f"+{name}" for name in one.added] + [f"-{name}" for name in one.gone]
    return f"inventory: `{one.partner}` lists {one.listed} models" + (
        f": {' '.join(changes)}" if changes else ", none new, none gone"
    )


def _canary(one: Flown) -> str:
    told = one.asked - one.failed
    return (
        f"canaries: `{one.release}`, day {one.days}: {one.passed} of {told} passed,"
        f" {one.changed} changed, {one.failed} without an answer;"
        f" evidence {one.evidence:.2g} of the alarm's"
    )
