"""The middle chapters: the others are assessed, three passed over for good reasons, one chosen."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from pratique.rehearsal.story import cast
from pratique.rehearsal.story.desk import Desk
from pratique.rehearsal.story.market import write_market
from pratique.rehearsal.story.primary import all_met, cite_choices
from pratique.rehearsal.story.reading import (
    Chosen,
    Found,
    Support,
    choices,
    findings,
    models,
    partners,
    support,
)
from pratique.rehearsal.story.telling import Telling
from pratique.store.figures import Value

PROBED = (
    f"{cast.BEST}/spanker-2",
    f"{cast.RETIRING}/pawl-2",
    f"{cast.CHOSEN}/floor-2",
    f"{cast.CHOSEN}/floor-2-mini",
)
"""Models whose load is tried: those that meet the bars."""

NOTICE = timedelta(days=30)
"""How long before its end the retiring model is announced to end."""


class Climbed(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a load, as `support probe` measured it."""

    rate: float
    """Requests a second."""
    requests: int
    """Requests that were sent."""
    first_token_p95: float | None
    """Seconds within which 95 of 100 first tokens came; None where none did."""
    state: str
    """`met`, `missed` or `unknown`."""

    @property
    def figures(self) -> Mapping[str, Value]:
        """Its figures, as `verify --figures` names them."""
        name = f"step {self.rate:g}/s"
        return {
            f"{name}, state": self.state,
            f"{name}, requests": self.requests,
            f"{name}, seconds to first token, p95": self.first_token_p95,
        }


def assess_others(desk: Desk, telling: Telling, seed: int) -> tuple[Found, ...]:
    """Test the second models of all five against the bars of the launch."""
    telling.begin("others")
    desk.clock.wait(until=date(2028, 2, 14))
    write_market(desk, cast.LATER_MODELS, "launch", support=True)
    assessed = desk.must("assess", "--concurrency", "1", "--seed", str(seed))
    found = findings(assessed)
    for one in found:
        telling.cite(one.about, one.figures)
    expected = ", ".join(sorted((cast.BEST, cast.RETIRING, cast.CHOSEN)))
    telling.need(
        telling.see(
            "others_assessed",
            desk.today,
            expected,
            all_met(found),
            "pratique assess",
            samples=sum(one.samples for one in found),
            full=int(str(assessed["full_calls"])),
            best=_best(found),
        )
    )
    refusing = [one for one in found if one.candidate.startswith(cast.REFUSING)]
    fallen = {one.finding for one in refusing}
    telling.see(
        "refusing_passed_over",
        desk.today,
        "falls_short",
        ", ".join(sorted(fallen)),
        "pratique assess",
        low=min(one.low for one in refusing),
        high=max(one.high for one in refusing),
    )
    return found


def _best(found: tuple[Found, ...]) -> str:
    """Return the model whose mean estimate over all cells is highest."""
    means: dict[str, list[float]] = {}
    for one in found:
        means.setdefault(one.candidate, []).append(one.estimate)
    return max(means, key=lambda name: sum(means[name]) / len(means[name]))


def try_support(desk: Desk, telling: Telling, seed: int) -> Mapping[str, tuple[Climbed, ...]]:
    """Try the load of whoever meets the bars, and take in tickets and documents."""
    telling.begin("support")
    climbed: dict[str, tuple[Climbed, ...]] = {}
    for partner in (cast.BEST, cast.RETIRING, cast.CHOSEN):
        _papers(desk, partner, seed)
    for model in PROBED:
        probed = desk.must("support", "probe", model)
        climbed[model] = _climb(probed)
    for model in PROBED:
        _show(desk, telling, model, climbed[model])
    return climbed


def _papers(desk: Desk, partner: str, seed: int) -> None:
    """Take in the tickets of *partner* and what somebody looked at; the best one cannot be bought."""
    sound = partner != cast.BEST
    desk.write(f"papers/{partner}-tickets.csv", cast.tickets(desk, sound=sound, seed=seed))
    desk.must("support", "tickets", partner, str(desk.folder / f"papers/{partner}-tickets.csv"))
    for item in ("staffing", "certificate", "purchasing"):
        if item == "purchasing" and not sound:
            continue
        paper = f"papers/{partner}-{item}.txt"
        desk.write(paper, f"Simulated: what {partner} declares of {item}, invented.\n")
        words = ["--item", item, "--by", "ana", "--document", str(desk.folder / paper)]
        desk.must("support", "attest", partner, *words)


def _show(desk: Desk, telling: Telling, model: str, climbed: tuple[Climbed, ...]) -> None:
    shown = support(desk.run("support", "show", model).document)
    weak = model.startswith(cast.BEST)
    carried = max((one.rate for one in climbed if one.state == "met"), default=0.0)
    needed = _needed(desk)
    telling.cite(model, {"carried requests/s": carried, "needed requests/s": needed})
    telling.cite(model, {"verdict": shown.verdict})
    telling.cite(model, {f"{one.id}, state": one.state for one in shown.items})
    for step in climbed:
        telling.cite(model, step.figures)
    telling.see(
        "support_missed" if weak else "support_met",
        desk.today,
        "INSUFFICIENT_SUPPORT_CAPACITY" if weak else "SUFFICIENT",
        shown.verdict,
        f"pratique support show {model}",
        model=model,
        carried=carried,
        needed=needed,
        missed=", ".join(one.id for one in shown.missed()),
        unknown=", ".join(one.id for one in shown.items if one.state == "unknown"),
    )


def _needed(desk: Desk) -> float:
    """Return the requests a second that the workspace's standard asks for."""
    load: dict[str, object] = tomllib.loads(desk.read("standards/support.toml"))["load"]
    return float(str(load["sustained_rate"]))


def _climb(document: Mapping[str, object]) -> tuple[Climbed, ...]:
    figures = msgspec.convert(document["figures"], dict[str, object])
    return msgspec.convert(figures["steps"], tuple[Climbed, ...])


def retire(desk: Desk, telling: Telling) -> Support:
    """Have a partner end its model under us, thirty days ahead, and look at its support again."""
    telling.begin("retired")
    desk.clock.wait(until=date(2028, 3, 1))
    ends, model = desk.today + NOTICE, f"{cast.RETIRING}/pawl-2"
    cast.announce_end(desk, cast.RETIRING, "pawl-2", ends)
    shown = support(desk.run("support", "show", model).document)
    notice = next(one for one in shown.items if one.id == "notice")
    least = _least_notice(desk)
    telling.cite(model, {"verdict": shown.verdict, "notice, low": notice.low})
    telling.cite(model, {"notice, state": notice.state, "notice, days needed": least})
    telling.see(
        "retired_passed_over",
        desk.today,
        "notice",
        ", ".join(one.id for one in shown.missed()),
        f"pratique support show {model}",
        ends=ends.isoformat(),
        days=notice.low,
        needed=least,
        verdict=shown.verdict,
    )
    return shown


def _least_notice(desk: Desk) -> int:
    """Return the days of notice that the workspace's standard asks for."""
    notice: dict[str, object] = tomllib.loads(desk.read("standards/support.toml"))["notice"]
    return int(str(notice["least_days"]))


def choose(desk: Desk, telling: Telling) -> tuple[Chosen, ...]:
    """Select who serves, and take the selection on."""
    telling.begin("chosen")
    desk.clock.wait(until=date(2028, 3, 6))
    chosen = choices(desk.must("select"))
    cite_choices(telling, chosen)
    grounds: dict[str, set[str]] = {}
    for each in chosen:
        served = str(each.serves).partition("/")[0]
        for one in each.passed_over:
            if one.candidate.startswith(f"{served}/"):
                continue  # a smaller model of the chosen partner: it stands by as the fallback
            kinds = {reason.kind for reason in one.reasons}
            grounds.setdefault(one.candidate.partition("/")[0], set()).update(kinds)
    telling.need(
        telling.see(
            "chosen",
            desk.today,
            cast.CHOSEN,
            partners([one.serves for one in chosen]),
            "pratique select",
            served=sum(one.serves is not None for one in chosen),
            of=len(chosen),
            fallback=models([name for one in chosen for name in one.fallbacks]),
            grounds="; ".join(
                f"{name}: {', '.join(sorted(kinds))}" for name, kinds in sorted(grounds.items())
            ),
        )
    )
    desk.must("select", "--sign-off")
    return chosen
