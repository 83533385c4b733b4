"""The cast: five invented partners, as the files that describe any partner, and what becomes of them.

What a partner does in the world (announces an end, gets worse, swaps its model) is a change of its
file in the workspace: the simulated model then behaves so.
"""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from pratique.rehearsal.simulator.conduct import Conduct
from pratique.rehearsal.story.desk import Desk

PRIMARY, BEST, REFUSING, RETIRING, CHOSEN = (
    "simulated-halyard",
    "simulated-mizzen",
    "simulated-lanyard",
    "simulated-capstan",
    "simulated-keelson",
)
"""The five, by what becomes of them."""

PARTNERS = (PRIMARY, BEST, REFUSING, RETIRING, CHOSEN)

FIRST_MODELS = tuple(
    f"{partner}/{model}"
    for partner, model in zip(
        PARTNERS, ("topsail-1", "spanker-1", "deadeye-1", "pawl-1", "floor-1"), strict=True
    )
)
"""What was there in the first year."""

LATER_MODELS = (
    f"{PRIMARY}/topsail-7",
    f"{BEST}/spanker-2",
    f"{REFUSING}/deadeye-2",
    f"{RETIRING}/pawl-2",
    f"{CHOSEN}/floor-2",
    f"{CHOSEN}/floor-2-mini",
)
"""What was there in the second."""

_SEED = re.compile(r"\bseed = (\d+)")
_SPREAD = 1000
"""Seeds of one run of the story stay apart from those of the next by this much."""


def content() -> Path:
    """Return the folder of the story's own content."""
    return Path(str(files("pratique") / "content" / "story"))


def partner_file(partner: str, seed: int) -> str:
    """Return the file of *partner*, its draws moved by the story's *seed*."""
    text = (content() / "partners" / f"{partner}.toml").read_text(encoding="utf-8")
    return _SEED.sub(lambda found: f"seed = {int(found[1]) + seed * _SPREAD}", text)


def announce_end(desk: Desk, partner: str, model: str, on: date) -> None:
    """Have *partner* announce today that *model* ends *on* that day."""
    path = f"partners/{partner}.toml"
    retires = (
        f"retires = {{ on = {on}, announced = {desk.today}, source = 'invented for rehearsals' }}"
    )
    line = f'snapshot = "{model}"\n'
    desk.write(path, desk.read(path).replace(line, f"{line}{retires}\n"))


def behave(desk: Desk, partner: str, model: str, conduct: Conduct, *, swap: str = "") -> None:
    """Have *model* behave so from now on; *swap*, where it is given, is who answers in its place."""
    extra = [one for one in (conduct.keys, swap) if one]
    path = f"partners/{partner}.toml"
    # Everything up to the model's own table stays; what was added before goes.
    pattern = re.compile(
        rf'(id = "{re.escape(model)}"\n(?:.*\n)*?simulation = {{ .*?)(, shares = .*|, swap = .*)?( }}\n)'
    )
    text = pattern.sub(
        lambda found: "".join([found[1], *(f", {one}" for one in extra), found[3]]),
        desk.read(path),
        count=1,
    )
    desk.write(path, text)


def swapped(model: str, quality: float) -> str:
    """Return the key of a partner's file by which another *model* answers under the old name."""
    return f'swap = {{ after = 0, model = "{model}", quality = {quality:g} }}'


def tickets(desk: Desk, *, sound: bool, seed: int) -> str:
    """Return a partner's tickets of the last months as CSV; one that is not *sound* sleeps at night."""
    chance = random.Random(f"tickets/{seed}/{sound}")  # noqa: S311  (drawing, not secrecy)
    rows = ["id,opened,acknowledged,resolved,severity,fixer,about"]
    rows += list(_rows(desk.now, chance, sound=sound))
    return "\n".join(rows) + "\n"


_FIXERS = ("Ode", "Rill", "Sorrel", "Tam", "Vesper")


def _rows(now: datetime, chance: random.Random, *, sound: bool) -> Iterator[str]:
    for number in range(24):
        day = (now - timedelta(days=100 - 4 * number)).astimezone(UTC)
        is_odd = number % 2 == 0
        # 19:00 UTC is three in the morning in Shanghai, 03:00 UTC is eleven.
        opened = day.replace(hour=19 if is_odd else 3, minute=chance.randrange(60))
        severity = "1" if number % 3 else "2"
        limit = 15 if severity == "1" else 240
        minutes = limit * chance.uniform(0.2, 0.7)
        if is_odd and not sound:
            minutes = limit * chance.uniform(8, 14)
        mended = minutes + (480 if severity == "1" else 4320) * chance.uniform(0.1, 0.5)
        fixer = _FIXERS[number % len(_FIXERS)] if sound else _FIXERS[0]
        moments = [opened, opened + timedelta(minutes=minutes), opened + timedelta(minutes=mended)]
        told = ",".join(one.strftime("%Y-%m-%dT%H:%M:%SZ") for one in moments)
        yield f"{fixer[0]}-{number:02d},{told},{severity},{fixer},simulated incident {number}"
