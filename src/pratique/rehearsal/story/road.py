"""The road: from one answer on a phone back to the samples that its model was tested on."""

import msgspec

from pratique.rehearsal.caller import running
from pratique.rehearsal.story.desk import MARKET
from pratique.rehearsal.story.ramp import Ramp
from pratique.rehearsal.story.signing import decisions
from pratique.store.figures import Value


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One stop on the road."""

    what: str
    """What it is: `answer`, `release`, `approval`, `filing`, `variant`, `finding`, `suite`."""
    name: str
    """Its name, or its figures."""
    where: str
    """Where it was read: an address, a command, a file of the pack."""


def walk_back(ramp: Ramp) -> tuple[Link, ...]:
    """Ask once more as a device, and follow what the answer names, back to the sealed suite."""
    desk, feature = ramp.desk, ramp.crowd.feature
    with running(desk.folder, MARKET) as caller:
        ramp.reaches(caller, 1.0, None)
        answer = ramp.crowd.one(caller, "simulated-device-7")
    release, digest = str(answer["release"]), str(answer["digest"])
    number = str(answer["filing_no"])
    given = next(one for one in decisions(desk, "approval.given") if one.facts["number"] == number)
    filing = given.subject
    results = msgspec.json.decode(
        desk.read(f"filings/{filing}/results.json"), type=dict[str, object]
    )
    found = next(
        one
        for one in msgspec.convert(results["results"], list[dict[str, object]])
        if one["digest"] == digest
    )
    low, high, bar = (float(str(found[name])) for name in ("low", "high", "bar"))
    pack = f"filings/{filing}"
    about = f"{found['candidate']}, {found['feature']} {found['locale']}"
    told = {name: found[name] for name in ("finding", "low", "high", "bar", "samples")}
    ramp.telling.cite(about, msgspec.convert(told, dict[str, Value]))
    return (
        Link(
            what="answer",
            name=f"{feature}, {answer['status']}",
            where=f"POST /v1/features/{feature}",
        ),
        Link(what="release", name=release, where=f"pratique ledger --subject {release}"),
        Link(what="approval", name=number, where="pratique ledger --kind approval.given"),
        Link(what="filing", name=filing, where=f"{pack}/manifest.json"),
        Link(
            what="variant",
            name=f"{found['candidate']} {digest[:19]}…",
            where=f"{pack}/variants.json",
        ),
        Link(
            what="finding",
            name=f"{found['finding']}: {low:.1%} – {high:.1%} of {found['samples']}, bar {bar:.0%}",
            where=f"{pack}/results.json",
        ),
        Link(what="suite", name=f"{str(found['suite_digest'])[:19]}…", where=f"suites/{feature}"),
    )
