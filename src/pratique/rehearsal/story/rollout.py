"""The rollout chapters: a ramp with a regression that halts by itself, and a variant that is mended."""

import shutil
from itertools import islice

import msgspec

from pratique.features.packs import packaged as packaged_features
from pratique.partners.simulation import Shares
from pratique.rehearsal.caller import running
from pratique.rehearsal.simulator.conduct import Conduct
from pratique.rehearsal.story import cast
from pratique.rehearsal.story.desk import MARKET
from pratique.rehearsal.story.filing import (
    FALLBACK,
    PARTNER_FILINGS,
    SERVED,
)
from pratique.rehearsal.story.market import ROLLOUT, write_market
from pratique.rehearsal.story.ramp import FEATURE, LOCALE, Ramp, Release
from pratique.rehearsal.story.signing import decisions, signed_by_two

REGRESSED = Conduct(shares=Shares(refused=0.35))
"""How the partner behaves for a while."""
MOST_HOURS = 12
"""Hours, with an evaluation each, after which a regression that was not halted counts as missed."""


def begin(ramp: Ramp) -> None:
    """Start the release, serve one device in a hundred, and go on to one in ten."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("ramp")
    desk.must("rollout", "start", *ramp.cell)
    with running(desk.folder, MARKET) as caller:
        ramp.reaches(caller, 0.01, None)
        outside = list(islice(ramp.devices.cohort(0.01, inside=False), 20))
        told = ramp.crowd.ask(caller, outside)
        telling.see("outside", desk.today, "not_in_stage", ", ".join(sorted(told)), asked=20)
        told = ramp.pass_hours(caller, 49)
        (ramp.served,) = ramp.crowd.models
        ramp.evaluate()
        release = msgspec.convert(desk.must("rollout", "advance", *ramp.cell), Release)
    telling.need(
        telling.see(
            "first_stage",
            desk.today,
            "10 %",
            release.at.name,
            " ".join(("pratique rollout advance", *ramp.cell)),
            answered=told.get("ok", 0),
            asked=sum(told.values()),
        )
    )


def regress(ramp: Ramp) -> None:
    """Have the partner decline one request in three from now on: the release halts by itself."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("halted")
    cast.behave(desk, cast.CHOSEN, ramp.model, REGRESSED)
    hours, found = 0, ramp.standing()
    with running(desk.folder, MARKET) as caller:
        while found.release.state == "on" and hours < MOST_HOURS:
            ramp.pass_hours(caller, 1)
            hours += 1
            found = ramp.evaluate()
        ramp.reaches(caller, 0.10, "feature_halted")
        told = ramp.crowd.ask(caller, ramp.devices.next(0.10, 20))
    halted = decisions(desk, "release.halted")
    telling.need(
        telling.see(
            "halted",
            desk.today,
            "halted by halt rules, in the ledger",
            f"{found.release.state} by {halted[-1].who if halted else 'nobody'},"
            f" {'in' if halted else 'not in'} the ledger",
            "pratique rollout status",
            exposed=found.counts.requests,
            of=ramp.devices.served(0.10),
            hours=hours,
            refused=found.refusals.mean,
            limit=found.refusals.bound,
        )
    )
    telling.see("nobody_served", desk.today, "feature_halted", ", ".join(sorted(told)), asked=20)


def mend(ramp: Ramp, seed: int) -> None:
    """Mend the prompt, test it, carry the approval over with two signatures, and go on."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("mended")
    desk.clock.wait(hours=48)
    cast.behave(desk, cast.CHOSEN, ramp.model, Conduct())
    own = desk.folder / "features" / FEATURE
    shutil.copytree(packaged_features() / FEATURE, own)
    prompt = f"features/{FEATURE}/prompts/simulated/{LOCALE}.toml"
    text = desk.read(prompt)
    desk.write(prompt, text.replace("user = '", "user = ' ", 1))
    before = ramp.standing().release.digest
    write_market(desk, (SERVED, FALLBACK), "launch", support=True, more=PARTNER_FILINGS + ROLLOUT)
    desk.must("assess", "--concurrency", "1", "--seed", str(seed))
    desk.write(
        "papers/notice.txt", "Simulated: a notice to the regulator, which nobody was sent.\n"
    )
    words = ["carry-over", *ramp.cell, "--reason", "a prompt that is declined less often"]
    words += ["--notice", str(desk.folder / "papers/notice.txt")]
    code, signed, carried = signed_by_two(desk, *words)
    amendment = msgspec.convert(carried["amendment"], dict[str, object])
    variant = msgspec.convert(
        amendment["carried"], dict[str, dict[str, str] | str | tuple[str, ...]]
    )
    new = str(variant["variant"]["digest"]) if isinstance(variant["variant"], dict) else ""
    telling.see(
        "carried_over",
        desk.today,
        "refused, signed by 2, another digest",
        f"{'refused' if code == 1 else 'not refused'}, signed by {signed},"
        f" {'another' if new != before else 'the same'} digest",
        " ".join(("pratique carry-over", *ramp.cell)),
    )
    reason = "mended, and carried over"
    switched = desk.must("rollout", "switch", *ramp.cell, "--digest", new, "--reason", reason)
    release = msgspec.convert(switched, Release)
    telling.need(
        telling.see(
            "resumed",
            desk.today,
            "on at 10 %",
            f"{release.state} at {release.at.name}",
            " ".join(("pratique rollout switch", *ramp.cell)),
        )
    )


def finish(ramp: Ramp) -> None:
    """Go on to every device."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("complete")
    ramp.crowd.models.clear()
    with running(desk.folder, MARKET) as caller:
        for hours in (25, 49):
            ramp.pass_hours(caller, hours)
            ramp.evaluate()
            release = msgspec.convert(desk.must("rollout", "advance", *ramp.cell), Release)
            ramp.reaches(caller, release.at.user_fraction, None)
        ramp.pass_hours(caller, 24)
        last = ramp.evaluate()
    telling.need(
        telling.see(
            "complete",
            desk.today,
            f"on at 100 %, {ramp.served}",
            f"{last.release.state} at {release.at.name}, {', '.join(sorted(ramp.crowd.models))}",
            "pratique rollout status",
            model=", ".join(sorted(ramp.crowd.models)),
            lost=ramp.crowd.lost,
        )
    )
