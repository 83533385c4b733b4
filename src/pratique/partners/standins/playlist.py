"""The playlist of a stand-in: which scenario answers the next request."""

from collections import deque

from pratique.errors import NotFound
from pratique.partners.standins.scenarios import Scenario, read_scenarios

_BUSY = ("rate_limited", "overloaded")


class Playlist:
    """The scenarios of one dialect, read when first needed, and those that are queued."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._queue: deque[Scenario] = deque()
        self._known: dict[str, Scenario] | None = None

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, scenario: str | Scenario) -> None:
        """Queue *scenario*.

        Raises:
            NotFound: the dialect has no scenario of that name.
        """
        self._queue.append(self.found(scenario))

    def pop(self) -> Scenario:
        """Return the next in the queue and take it away."""
        return self._queue.popleft()

    def found(self, scenario: str | Scenario) -> Scenario:
        """Return *scenario*, looked up if it is a name.

        Raises:
            NotFound: the dialect has no scenario of that name.
        """
        if isinstance(scenario, Scenario):
            return scenario
        found = self._all().get(scenario)
        if found is None:
            raise NotFound(
                f"no scenario `{scenario}` in dialect `{self._dialect}`",
                hint=f"known: {', '.join(self._all())}",
            )
        return found

    def busy(self, *, stream: bool) -> Scenario | None:
        """Return how the dialect turns a request away when it has too many; None if no scenario does."""
        return next((one for one in self._all().values() if _turns_away(one, stream=stream)), None)

    def _all(self) -> dict[str, Scenario]:
        if self._known is None:
            self._known = read_scenarios(self._dialect)
        return self._known


def _turns_away(scenario: Scenario, *, stream: bool) -> bool:
    fits = scenario.mode in ("both", "stream" if stream else "plain")
    says_why = bytes(scenario.body).startswith(b"{")
    return fits and says_why and scenario.http in (429, 503) and scenario.expect.cause in _BUSY
