"""Filing: freezing what was selected, building its evidence pack, and entering the answer."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pratique.assessment.candidates import Offer, offer
from pratique.assessment.choose import signed_off_by
from pratique.assessment.decisions import Assessment, latest_assessment, latest_selection
from pratique.assessment.findings import Finding
from pratique.assessment.selection import Choice, Selection
from pratique.errors import NotAllowed
from pratique.filing.approvals import Approval, approval_of, keep_approval
from pratique.filing.dossier import (
    Dossier,
    DossierVariant,
    PassedOver,
    Result,
    RoleHeld,
    Selected,
)
from pratique.filing.filings import (
    Filed,
    Filing,
    get_filing,
    keep_filing,
    list_filings,
    next_id,
)
from pratique.filing.manifest import manifest_sha256
from pratique.filing.pack import write_pack
from pratique.regimes.routes import RouteFacts
from pratique.serving.variant import Variant, digest_of, frozen
from pratique.store import snapshots
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened


def file_selection(opened: Opened, market_id: str, *, draft: bool) -> Filing:
    """Freeze what the latest selection of *market_id* serves, and build the evidence pack.

    Raises:
        NotFound: nothing was assessed or selected.
        NotAllowed: nobody serves anything, the workspace no longer holds what was measured, or
            something that the regime asks for is missing and this is no draft.
    """
    with opened.database.connect() as connection:
        selection = latest_selection(connection, market_id)
        assessment = latest_assessment(connection, market_id)
        taken = {one.id for one in list_filings(connection)}
        if not draft and not signed_off_by(connection, selection.id):
            raise NotAllowed(
                f"nobody took on selection `{selection.id}`",
                hint=f"`pratique select --market {market_id} --sign-off` takes it on; or build a draft",
            )
    # A folder that a crash left behind is not written over, and its name not used again.
    taken |= {path.name for path in (opened.workspace.folder / "filings").glob("*")}
    name = next_id(market_id, taken, opened.clock())
    _require_current(selection, assessment)
    offered = offer(opened.workspace, market_id)
    served = sorted(selection.served, key=lambda choice: (choice.feature, choice.locale))
    variants = [_measured(offered, choice) for choice in served]
    if not variants:
        raise NotAllowed(
            f"nobody serves anything in `{market_id}`: there is nothing to file",
            hint="`pratique select` says why each candidate was passed over",
        )
    regime = offered.market.regime
    rehearsal = opened.workspace.configuration.rehearsal
    dossier = _dossier(
        name, regime, selection, assessment, variants, draft, rehearsal, stamp(opened.clock())
    )
    pack = Path("filings") / name
    folder = opened.workspace.folder / pack
    folder.parent.mkdir(exist_ok=True)
    write_pack(folder, dossier, opened.key)
    filing = Filing(
        id=name,
        market=market_id,
        regime=regime,
        state="draft" if draft else "complete",
        simulated=rehearsal,
        selection=selection.id,
        pack=pack.as_posix(),
        manifest_sha256=manifest_sha256(folder),
        created=dossier.created,
        variants=tuple(
            Filed(feature=v.feature, locale=v.locale, digest=digest_of(v)) for v in variants
        ),
    )
    _keep(opened, filing, variants)
    return filing


def _require_current(selection: Selection, assessment: Assessment) -> None:
    if selection.assessment != assessment.id:
        raise NotAllowed(
            f"`{selection.market}` was assessed again since the selection was made",
            hint="`pratique select` decides on the newest findings",
        )


def _measured(offered: Offer, choice: Choice) -> Variant:
    """Return the variant that was selected, if the workspace still holds it as it was measured."""
    variant = offered.variant(choice.feature, choice.locale, choice.serves or "")
    if digest_of(variant) != choice.digest:
        raise NotAllowed(
            f"`{choice.feature}` in `{choice.locale}` by `{choice.serves}` was changed since it was measured",
            hint="`pratique assess` and `pratique select` take in what it is now",
        )
    return variant


def _keep(opened: Opened, filing: Filing, variants: Sequence[Variant]) -> None:
    facts: dict[str, object] = {
        "manifest_sha256": filing.manifest_sha256,
        "state": filing.state,
        "simulated": filing.simulated,
        "variants": [one.digest for one in filing.variants],
    }
    with opened.ledger.decision(
        who=opened.who, kind="filing.built", subject=filing.id, body=facts
    ) as connection:
        for variant in variants:
            snapshots.put(connection, frozen(variant), "variant")
        keep_filing(connection, filing)


def _dossier(
    name: str,
    regime: str,
    selection: Selection,
    assessment: Assessment,
    variants: Sequence[Variant],
    draft: bool,
    rehearsal: bool,
    created: str,
) -> Dossier:
    return Dossier(
        filing=name,
        market=selection.market,
        regime=regime,
        draft=draft,
        simulated=rehearsal,
        created=created,
        variants=tuple(map(_submitted, variants)),
        results=tuple(map(_result, assessment.findings)),
        selection=tuple(map(_selected, selection.choices)),
        notes=assessment.left_out,
    )


def _submitted(variant: Variant) -> DossierVariant:
    serving = variant.serving
    return DossierVariant(
        feature=variant.feature,
        locale=variant.locale,
        partner=serving.partner,
        model=serving.model,
        digest=digest_of(variant),
        roles=tuple(
            RoleHeld(role=one.role, partner=one.partner, model=one.model, snapshot=one.snapshot)
            for one in variant.roles
        ),
        route=RouteFacts(offered_to_public=True, weights=serving.weights),
    )


def _result(finding: Finding) -> Result:
    return Result(
        feature=finding.feature,
        locale=finding.locale,
        candidate=finding.candidate,
        metric=finding.metric,
        estimate=finding.estimate,
        low=finding.low,
        high=finding.high,
        samples=finding.samples,
        calls=finding.calls,
        bar=finding.bar,
        finding=finding.finding,
        seed=finding.seed,
        run_id=finding.run_id,
        suite_digest=finding.suite,
        digest=finding.digest,
        truth=finding.truth,
        alpha=finding.alpha,
    )


def _selected(choice: Choice) -> Selected:
    return Selected(
        feature=choice.feature,
        locale=choice.locale,
        serves=choice.serves,
        passed_over=tuple(
            PassedOver(candidate=one.candidate, reason=one.reason) for one in choice.passed_over
        ),
        held_back=choice.held_back,
    )


def enter_approval(
    opened: Opened,
    filing_id: str,
    *,
    number: str,
    issued: date,
    expires: date,
    document_sha256: str,
) -> Approval:
    """Enter the regulator's answer to *filing_id*, signed, and return it.

    Raises:
        NotFound: there is no such filing.
        NotAllowed: it is a draft and this is no rehearsal, or the same was entered before.
        Malformed: a field is not sound.
    """
    configuration = opened.workspace.configuration
    with opened.database.connect() as connection:
        filing = get_filing(connection, filing_id)
    approval = approval_of(
        filing,
        workspace=configuration.name,
        rehearsal=configuration.rehearsal,
        number=number,
        issued=issued,
        expires=expires,
        document_sha256=document_sha256,
        entered_by=opened.who,
    )
    facts: dict[str, object] = {
        "approval": approval.id,
        "number": number,
        "issued": issued.isoformat(),
        "expires": expires.isoformat(),
        "document_sha256": document_sha256,
        "simulated": approval.simulated,
        # What is signed: it still holds when the key is retired.
        "record": digest(canonical(approval)),
    }
    with opened.ledger.decision(
        who=opened.who, kind="approval.given", subject=filing_id, body=facts
    ) as connection:
        keep_approval(connection, approval, opened.key)
    return approval
