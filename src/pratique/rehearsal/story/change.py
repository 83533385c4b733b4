"""The last chapters: the partner's model is swapped without a word, noticed, off, and followed by the fallback."""

import hashlib
import time
from collections.abc import Mapping

import msgspec

from pratique.rehearsal.caller import running
from pratique.rehearsal.simulator.conduct import Conduct
from pratique.rehearsal.story import cast
from pratique.rehearsal.story.desk import MARKET, Desk
from pratique.rehearsal.story.filing import write_public_list
from pratique.rehearsal.story.ramp import Ramp, Release

SWAPPED = "floor-2-cheap"
"""What the partner puts in the place of its model."""
BEFORE, AFTER = 40, 120
"""Requests under load before the switch, and answers after it, at least."""
LONGEST = 60.0
"""Seconds after which load that does not come is given up."""


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    subject: str
    turned_off: bool


def swap(ramp: Ramp) -> None:
    """Have another model answer under the old name: the watch's canaries name it, and it goes off."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("swapped")
    desk.clock.wait(hours=24 * 45)
    write_public_list(desk)
    calm = desk.must("watch", "--once")
    swap = cast.swapped(SWAPPED, 0.80)
    cast.behave(desk, cast.CHOSEN, ramp.model, Conduct(), swap=swap)
    desk.clock.wait(hours=24)
    report = msgspec.convert(desk.run("watch", "--once").document["report"], dict[str, object])
    off = [one for one in msgspec.convert(report["acts"], tuple[_Act, ...]) if one.turned_off]
    telling.need(
        telling.see(
            "noticed",
            desk.today,
            "calm, then off by watch.identity",
            f"{'alarm' if calm['alarming'] else 'calm'}, then off by"
            f" {', '.join(sorted({one.kind for one in off})) or 'nothing'}",
            "pratique watch --once",
            swapped=SWAPPED,
        )
    )


def switch(ramp: Ramp) -> None:
    """Serve by the approved fallback from now on, while devices go on asking."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("switched")
    before = _files(desk)
    reason = f"replies name `{SWAPPED}`"
    with running(desk.folder, MARKET) as caller:
        devices = ramp.devices.next(1.0, 4_000)
        with ramp.crowd.asking(caller, devices) as told:
            _until(told, BEFORE)
            off = dict(told)
            ramp.crowd.models.clear()
            switched = desk.must("rollout", "switch", *ramp.cell, "--reason", reason)
            _until(told, AFTER, "ok")
    release = msgspec.convert(switched, Release)
    words = sorted(told)
    telling.see("off", desk.today, "feature_halted", ", ".join(sorted(off)), asked=BEFORE)
    telling.need(
        telling.see(
            "switched",
            desk.today,
            f"on at 100 %, {ramp.fallback}; devices are told ok",
            f"{release.state} at {release.at.name}, {', '.join(sorted(ramp.crowd.models))};"
            f" devices are told {'ok' if told['ok'] else 'nothing good'}",
            " ".join(("pratique rollout switch", *ramp.cell)),
            model=", ".join(sorted(ramp.crowd.models)),
            answers=", ".join(words),
        )
    )
    same = _files(desk) == before
    telling.see(
        "nothing_touched",
        desk.today,
        "no file of a feature changed, 0 requests lost",
        f"{'no' if same else 'some'} file of a feature changed, {ramp.crowd.lost} requests lost",
    )


def _until(told: Mapping[str, int], many: int, word: str = "") -> None:
    """Wait until *many* requests were answered, or that many with *word*."""
    end = time.monotonic() + LONGEST
    while (told.get(word, 0) if word else sum(told.values())) < many and time.monotonic() < end:
        time.sleep(0.05)


def _files(desk: Desk) -> Mapping[str, str]:
    """Return the hash of each file of the workspace's features."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((desk.folder / "features").rglob("*"))
        if path.is_file()
    }
