"""Carrying over: an approval for a digest that differs by what the regime lets differ.

Nothing carries over by itself. The difference is known part by part, the regime says of each that it asks
for nothing or for a notice, the new digest met its standard in an assessment of its own, and the
reason is in the ledger.
"""

from sqlalchemy import Connection

from pratique.assessment.candidates import offer
from pratique.assessment.decisions import latest_assessment, latest_selection
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.filing.amendments import Amendment, Carried
from pratique.filing.approvals import Kept, read_approvals
from pratique.filing.approving import record_amendment
from pratique.filing.changes import Change, changes_between
from pratique.filing.filings import Filed
from pratique.regimes.regime import load_regime
from pratique.serving.variant import Variant, digest_of, frozen, thawed
from pratique.store import snapshots
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened


def carry_over(
    opened: Opened,
    market: str,
    feature: str,
    locale: str,
    reason: str,
    *,
    notice_sha256: str = "",
) -> tuple[Amendment, list[Change]]:
    """Carry the approval of *feature* in *locale* over to what the workspace holds of it now.

    *notice_sha256* is the hash of the notice that was sent, where a change asks for one.

    Raises:
        NotFound: nothing in force is approved, or the candidate is no longer offered.
        NotAllowed: nothing changed; a change asks for a new filing, or for a notice and there is
            none; the new digest has no finding that it meets its standard; or not enough people
            signed this very step yet.
        Malformed: there is no reason.
    """
    if not reason.strip():
        raise Malformed("carrying over needs a reason", hint="pass it with `--reason`")
    with opened.database.connect() as connection:
        kept, old = _approved(opened, connection, market, feature, locale)
        assessment = latest_assessment(connection, market)
    new = offer(opened.workspace, market).variant(feature, locale, old.candidate)
    changes = changes_between(load_regime(opened.workspace.market(market).regime), old, new)
    _require_small(changes, notice_sha256)
    met = [one for one in assessment.findings if one.digest == digest_of(new)]
    if not met or any(one.finding != "meets" for one in met):
        raise NotAllowed(
            f"the new `{digest_of(new)}` was not found to meet its standard",
            hint=f"`pratique assess --market {market}` tests what the workspace holds now",
        )
    carried = Carried(
        variant=Filed(feature=feature, locale=locale, digest=digest_of(new)),
        replaces=digest_of(old),
        changes=tuple(f"{one.part}: {one.kind}" for one in changes),
        assessment=assessment.id,
    )
    amendment = Amendment(
        approval=kept.id,
        kind="carried_over",
        at=stamp(opened.clock()),
        reason=reason,
        entered_by=opened.who,
        document_sha256=notice_sha256,
        carried=carried,
    )
    _keep(opened, amendment, carried, new)
    return amendment, changes


def _keep(opened: Opened, amendment: Amendment, carried: Carried, new: Variant) -> None:
    asked: dict[str, object] = {
        "reason": amendment.reason,
        "from": carried.replaces,
        "to": carried.variant.digest,
        "changes": list(carried.changes),
        "assessment": carried.assessment,
    }
    if amendment.document_sha256:
        asked["notice_sha256"] = amendment.document_sha256
    with opened.database.begin() as connection:
        snapshots.put(connection, frozen(new), "variant")
    record_amendment(opened, amendment, asked, "carry_over")


def _approved(
    opened: Opened, connection: Connection, market: str, feature: str, locale: str
) -> tuple[Kept, Variant]:
    """Return the approval in force of the feature, and what it covers.

    Where several are in force, the one for the model that the latest selection lets serve; else the
    newest.
    """
    known = read_approvals(connection, opened.verifies, opened.workspace.configuration.name)
    found = [
        (one.approval.issued, one.approval.filing, one, filed.digest)
        for one in known
        if one.approval and not one.fault and one.approval.market == market
        if one.approval.state_on(opened.clock()) == "in_force"
        for filed in one.approval.variants
        if (filed.feature, filed.locale, filed.place) == (feature, locale, 0)
    ]
    if not found:
        raise NotFound(
            f"no approval in force covers `{feature}` in `{locale}` for `{market}`",
            hint="`pratique file` and `pratique approve` come first",
        )
    covered = [
        (kept, thawed(snapshots.get(connection, name)))
        for _, _, kept, name in sorted(found, key=lambda one: one[:2])
    ]
    serves = _serves(connection, market, feature, locale)
    return next((one for one in reversed(covered) if one[1].candidate == serves), covered[-1])


def _serves(connection: Connection, market: str, feature: str, locale: str) -> str | None:
    """Return the model that the latest selection lets serve; None where it lets nobody."""
    for choice in latest_selection(connection, market).choices:
        if (choice.feature, choice.locale) == (feature, locale):
            return choice.serves
    return None


def _require_small(changes: list[Change], notice_sha256: str) -> None:
    if not changes:
        raise NotAllowed(
            "nothing changed: what the workspace holds is what was approved",
            hint="`pratique rollout start` releases it",
        )
    again = [one for one in changes if one.kind == "file_again"]
    if again:
        raise NotAllowed(
            f"a change of `{again[0].part}` asks for a new filing: {again[0].reason}",
            hint="`pratique select` and `pratique file`; the release goes on as it was",
        )
    notices = [one.part for one in changes if one.kind == "notify"]
    if notices and not notice_sha256:
        raise NotAllowed(
            f"a change of `{notices[0]}` asks for a notice to the regulator",
            hint="send it, then pass the document with `--notice FILE`",
        )
