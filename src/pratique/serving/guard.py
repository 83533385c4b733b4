"""What guards one request: the words in force, and who judges beside them."""

from dataclasses import dataclass
from functools import cache

from pratique.screening.safeguard import Judge
from pratique.screening.screen import Screen
from pratique.screening.starter import starter


@dataclass(frozen=True, slots=True)
class Guard:
    """What requests and answers are held to. Made once for each version of a screening pack.

    How it is applied is the variant's policy, which was approved; the words may be newer.
    """

    screen: Screen
    """The active keyword pack, compiled."""
    safeguards: tuple[Judge, ...] = ()
    """Judges in the role `safeguard`; each is asked about the input and about the answer."""
    seconds: float = 2.0
    """How long a judge may take for one window, in seconds."""
    contact: str = ""
    """The operator's own contact for somebody in need, such as a name with a number; none is guessed."""


@cache
def starter_guard() -> Guard:
    """Return the guard of the packaged starter pack, without judges: where no pack is active."""
    return Guard(screen=Screen(starter()))
