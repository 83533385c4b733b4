"""Stand-ins that run: a server on loopback that speaks one dialect, in this loop or a thread."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import TracebackType

from pratique.partners.catalogue import ModelEntry, packaged, read_partners
from pratique.partners.standins.answers import Answers
from pratique.partners.standins.connection import Connection
from pratique.partners.standins.manners import manners_of
from pratique.partners.standins.playlist import Playlist
from pratique.partners.standins.routes import Route, route_of
from pratique.partners.standins.scenarios import Scenario
from pratique.partners.standins.scripts import Script, from_scenario, perform
from pratique.partners.standins.wire import Seen

__all__ = ["Running", "Seen", "StandIn"]

_BACKLOG = 512


class StandIn:
    """A local server that speaks one partner's dialect; an async context manager.

    A request that carries no valid key is refused before any scenario is played. The models are
    those of the partner of the same name in the catalogue unless *models* are given; where there
    are none, every model is known.
    """

    def __init__(
        self,
        dialect: str,
        *,
        key: str = "stand-in-key",
        models: Sequence[ModelEntry] | None = None,
    ) -> None:
        self._manners = manners_of(dialect)
        self.dialect = dialect
        self.key = key
        known = _models(dialect) if models is None else tuple(models)
        self._answers = Answers(dialect, key, known)
        self._playlist = Playlist(dialect)
        self._opened: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self.root_url = ""
        """Address without a path, while it runs."""
        self.choose: Callable[[Seen], str | Scenario | None] | None = None
        """Says what to play when nothing is queued; None from it is the default answer."""
        self.seen: list[Seen] = []
        """Every request that arrived whole, in order."""
        self.in_flight = 0
        """Requests to a model that are being answered now."""
        self.delay = 0.0
        """Seconds before the first byte of a model's answer."""
        self.pace = 0.0
        """Seconds between the events of a stream."""
        self.overload_above: int | None = None
        """Requests to a model at once above which it says that it is too busy."""

    @property
    def base_url(self) -> str:
        """Address before `/chat/completions`, while it runs."""
        return self.root_url + self._manners.base

    @property
    def connections(self) -> int:
        """Sockets open now."""
        return len(self._opened)

    def play(self, *scenarios: str | Scenario) -> None:
        """Queue *scenarios*: each answers one of the next requests to a model.

        Raises:
            NotFound: the dialect has no scenario of that name.
        """
        for scenario in scenarios:
            self._playlist.add(scenario)

    async def __aenter__(self) -> "StandIn":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._serve, self._opened), "127.0.0.1", 0, backlog=_BACKLOG
        )
        port = self._server.sockets[0].getsockname()[1]
        self.root_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            while self._opened:
                await asyncio.gather(*(one.stop() for one in self._opened))
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, connection: Connection, seen: Seen) -> bool:
        self.seen.append(seen)
        number = len(self.seen)
        route = route_of(seen, self.dialect, self._manners)
        if route.purpose != "token" and not self._answers.allows(seen):
            refusal = self._answers.refuse("auth", route, seen, number)
            return await perform(refusal, connection, 0)
        if not route.speaks:
            return await perform(self._answers.answer(route, seen, number), connection, 0)
        if self._is_full():
            # At once: a request that is turned away takes no place.
            return await perform(self._full(route, seen, number), connection, 0)
        self.in_flight += 1
        try:
            script = self._script(route, seen, number)
            if self.delay:
                await asyncio.sleep(self.delay)
            return await perform(script, connection, self.pace)
        finally:
            self.in_flight -= 1

    def _is_full(self) -> bool:
        """Whether the next request is one too many; what is queued is played all the same."""
        most = self.overload_above
        return most is not None and self.in_flight >= most and not self._playlist

    def _full(self, route: Route, seen: Seen, number: int) -> Script:
        stream = _streams(seen)
        scenario = None if route.native else self._playlist.busy(stream=stream)
        if scenario is None:
            return self._answers.refuse("busy", route, seen, number)
        return from_scenario(scenario, self._answers.headers(seen, number), stream=stream)

    def _script(self, route: Route, seen: Seen, number: int) -> Script:
        if self._playlist:
            scenario = self._playlist.pop()
        else:
            chosen = self.choose(seen) if self.choose else None
            if chosen is None:
                return self._answers.answer(route, seen, number)
            scenario = self._playlist.found(chosen)
        usual = self._answers.headers(seen, number)
        return from_scenario(scenario, usual, stream=_streams(seen))


def _streams(seen: Seen) -> bool:
    if seen.headers.get("x-dashscope-sse") == "enable":
        return True
    return isinstance(seen.body, dict) and seen.body.get("stream") is True


def _models(dialect: str) -> tuple[ModelEntry, ...]:
    partner = read_partners([packaged()]).get(dialect)
    return partner.models if partner else ()


class Running:
    """A stand-in in a thread of its own, for clients that block; a context manager."""

    def __init__(
        self,
        dialect: str,
        *,
        key: str = "stand-in-key",
        models: Sequence[ModelEntry] | None = None,
    ) -> None:
        self.stand_in = StandIn(dialect, key=key, models=models)
        """The stand-in; its settings may be changed from any thread."""
        self.key = key
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=self._run, name=f"stand-in {dialect}", daemon=True)

    @property
    def base_url(self) -> str:
        """Address before `/chat/completions`."""
        return self.stand_in.base_url

    @property
    def root_url(self) -> str:
        """Address without a path."""
        return self.stand_in.root_url

    @property
    def seen(self) -> list[Seen]:
        """Every request that arrived whole, in order."""
        return self.stand_in.seen

    def play(self, *scenarios: str | Scenario) -> None:
        """Queue *scenarios* (see `StandIn.play`)."""
        self.stand_in.play(*scenarios)

    def __enter__(self) -> "Running":
        self._thread.start()
        self._started.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        loop, stop = self._started.result()
        loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    async def _serve(self) -> None:
        async with self.stand_in:
            stop = asyncio.Event()
            self._started.set_result((asyncio.get_running_loop(), stop))
            await stop.wait()
