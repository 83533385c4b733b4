"""Items of a load: what a probe established of one model."""

from collections.abc import Iterator

from pratique.assessment.support.items import Item
from pratique.assessment.support.ladder import StepFigures
from pratique.assessment.support.objectives import ITEMS, State, Support
from pratique.assessment.support.probes import LoadFigures, Probe, Shared, load_figures
from pratique.partners.dialect import Limits

_NAMES = ("sustained_rate", "recovery", "waits", "valid", "same_verdict")


def unknown_load(model: str, why: str, declared: str) -> Iterator[Item]:
    """Yield the items of a load that nobody measured, or not of what is offered now."""
    for name in _NAMES:
        yield Item(
            id=name,
            about=ITEMS[name],
            state="unknown",
            measured=why,
            declared=declared if name == "sustained_rate" else "",
            model=model,
        )


def load_items(
    support: Support, probe: Probe, declared: str, at: str, source: str
) -> Iterator[Item]:
    """Yield what *probe* says."""
    found = load_figures(probe, support)
    marked = "simulated: " if probe.simulated else ""

    def item(name: str, state: State, measured: str, count: int, **ends: float | None) -> Item:
        return Item(
            id=name,
            about=ITEMS[name],
            state=state,
            measured=marked + measured,
            declared=declared if name == "sustained_rate" else "",
            count=count,
            low=ends.get("low"),
            high=ends.get("high"),
            model=probe.candidate,
            when=at,
            source=source,
        )

    requests = sum(step.requests for step in found.steps)
    yield item("sustained_rate", *_sustained(found, support, probe), requests)
    yield item(
        "recovery", *_recovery(found, support, probe), len(probe.burst.sent) if probe.burst else 0
    )
    yield item("waits", *_waits(found, support, probe), len(found.waits))
    for name, one, what in (
        ("valid", found.valid, "answers have the form that the feature needs"),
        ("same_verdict", found.same_verdict, "repeated inputs met with the verdict of before"),
    ):
        yield item(name, one.state, _shared(one, what), one.of, low=one.low, high=one.high)


def declared_load(limits: Limits) -> str:
    """Return what the partner's documentation says that the model takes; empty if it says nothing."""
    said = (
        (limits.requests_per_minute, "requests a minute"),
        (limits.tokens_per_minute, "tokens a minute"),
        (limits.concurrency, "calls at once"),
    )
    return ", ".join(f"{count} {what}" for count, what in said if count is not None)


def _sustained(found: LoadFigures, support: Support, probe: Probe) -> tuple[State, str]:
    needed = support.load.sustained_rate
    said = f"{found.sustained_rate:g} requests/s carried, {needed:g} are needed"
    for step in found.steps:
        said += f"; {_broken(step)}" if step.state != "met" else ""
    if found.first_limited:
        first = found.first_limited
        said += f"; first 429 in {first.phase}, request {first.number}"
    if probe.stopped:
        said += f"; {probe.stopped} ended it"
    if found.sustained_rate >= needed:
        return "met", said
    missed = any(step.state == "missed" and step.rate <= needed for step in found.steps)
    return ("missed" if missed else "unknown"), said


def _broken(step: StepFigures) -> str:
    """Return what ended the climb at *step*: the objectives that were missed, or not established."""
    word = "missed" if step.state == "missed" else "not established"
    which = [
        one for one in step.objectives if one.state == ("missed" if word == "missed" else "unknown")
    ]
    said = ", ".join(
        f"{one.objective.replace('_', ' ')} {one.kept} of {one.of}"
        f" ({one.low:.1%} to {one.high:.1%}, bar {one.bar:.0%})"
        for one in which
    )
    return f"at {step.rate:g} requests/s {word}: {said}"


def _recovery(found: LoadFigures, support: Support, probe: Probe) -> tuple[State, str]:
    burst = support.load.burst
    if probe.burst is None:
        carried = any(step.state == "met" for step in found.steps)
        why = f"the cap of {probe.calls} calls left none" if carried else "no step was met"
        return "unknown", f"no burst was tried: {why}"
    said = f"after a burst of {probe.burst_requests} at {probe.burst.rate:g} requests/s"
    if found.recovery is not None:
        state: State = "met" if found.recovery <= burst.recovery_seconds else "missed"
        return state, f"{found.recovery:.1f} s {said}, at most {burst.recovery_seconds:g} s"
    if probe.burst.ended != "complete":
        return "unknown", f"{probe.stopped or 'something'} ended the burst"
    seen = probe.burst.sent[-1].due - probe.burst.sent[probe.burst_requests - 1].due
    state = "missed" if seen >= burst.recovery_seconds else "unknown"
    return state, f"not within {seen:.0f} s {said}, at most {burst.recovery_seconds:g} s"


def _waits(found: LoadFigures, support: Support, probe: Probe) -> tuple[State, str]:
    tries, limited = support.load.waits.tries, [one for one in probe.sent if one.limited]
    if not limited:
        said = f"no request of {len(probe.sent)} was turned away"
        return (
            ("met", f"{said}, so that there was no wait to keep")
            if probe.whole
            else ("unknown", said)
        )
    named = sum(one.retry_after is not None for one in limited)
    helped = sum(one.helped is True for one in found.waits)
    said = f"{named} of {len(limited)} that were turned away named a wait"
    if found.waits:
        said += f"; after the wait {helped} of {len(found.waits)} were taken, all {tries} must be"
    if named < len(limited) or any(one.helped is False for one in found.waits):
        return "missed", said
    return ("met" if helped == len(found.waits) == tries else "unknown"), said


def _shared(one: Shared, what: str) -> str:
    return f"{one.kept} of {one.of} {what} ({one.low:.1%} to {one.high:.1%}, bar {one.bar:.0%})"
