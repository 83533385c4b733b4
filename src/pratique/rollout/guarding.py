"""What screens a market now, for whoever asks a model outside of the service: runs, tests, canaries."""

from pratique.rollout.gate import Refusal
from pratique.rollout.packs import active_pack
from pratique.serving.guard import Guard
from pratique.settings.workspace import Market
from pratique.workspace.opened import Opened


def guard_in_force(opened: Opened, market: Market) -> Guard | Refusal:
    """Return what screens *market* now, without its judges, or why nothing may be served there."""
    with opened.database.connect() as connection:
        found = active_pack(connection, market, opened.verifies, opened.clock())
    return found if isinstance(found, Refusal) else Guard(screen=found)
