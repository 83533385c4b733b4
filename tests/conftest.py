"""What tests of several rooms share: a clock that stands, a workspace, and models that answer by rote."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from pratique.partners.contract import Call, Event, Reply, Usage, in_one_piece
from pratique.privacy import Sensitive
from pratique.settings.workspace import open_workspace
from pratique.store import sealed
from pratique.workspace.init import init
from pratique.workspace.opened import Opened


@pytest.fixture(autouse=True, scope="session")
def quick_passphrases() -> Iterator[None]:
    """Stretch passphrases little: that a guess takes long is what `tests/store` tests, and no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "COST", 2**4)
        yield


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def go_on(self, **by: int) -> None:
        """Move the clock."""
        self.time += timedelta(**by)


class RoteModel:
    """A model that answers each call by a function of the last message."""

    def __init__(
        self, name: str, answer: Callable[[str], str | Reply], concurrency: int = 1
    ) -> None:
        self.name = name
        self.concurrency = concurrency
        self.calls: list[Call] = []
        self._answer = answer

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Answer in one piece."""
        async for event in in_one_piece(await self.complete(call)):
            yield event

    async def complete(self, call: Call) -> Reply:
        """Answer and remember the call."""
        self.calls.append(call)
        found = self._answer(call.turns[-1].content.reveal())
        if isinstance(found, Reply):
            return found
        return Reply(
            status="ok", text=Sensitive(found), usage=Usage(input_tokens=3, output_tokens=2)
        )


@pytest.fixture
def clock() -> Clock:
    """A clock at a fixed time."""
    return Clock()


@pytest.fixture(scope="session")
def new_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new rehearsal workspace for market CN, made once: what a test changes is a copy of it."""
    return init(tmp_path_factory.mktemp("made") / "shop", rehearsal=True, clock=Clock()).folder


def grown(shop: Path, folder: Path, change: Callable[[Opened], object]) -> Path:
    """Return a copy of the workspace *shop* in *folder* after *change*: made once, copied by tests."""
    found = Path(shutil.copytree(shop, folder / "shop"))
    opened = Opened(open_workspace(found), who="ada", clock=Clock())
    change(opened)
    opened.close()
    return found


@pytest.fixture
def new_folder(tmp_path: Path, new_shop: Path) -> Path:
    """The folder of a new rehearsal workspace for market CN."""
    return Path(shutil.copytree(new_shop, tmp_path / "shop"))


@pytest.fixture
def opened(new_folder: Path, clock: Clock) -> Iterator[Opened]:
    """A new rehearsal workspace for market CN, opened."""
    found = Opened(open_workspace(new_folder), who="ada", clock=clock)
    yield found
    found.close()


def json_of(value: object) -> Mapping[str, object]:
    """Return a record as plain data."""
    found: Mapping[str, object] = msgspec.to_builtins(value)
    return found
