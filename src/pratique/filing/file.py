"""Filing: freezing what was selected, and building its evidence pack."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pratique.assessment.candidates import offer
from pratique.assessment.choose import signed_off_by
from pratique.assessment.decisions import Assessment, latest_assessment, latest_selection
from pratique.assessment.selection import Choice, Selection
from pratique.errors import NotAllowed
from pratique.filing.answers import (
    enclosed,
    measured_answers,
    merged,
    procedures_answered,
    stated_answers,
)
from pratique.filing.clocks import require_on_time
from pratique.filing.dossier import (
    Dossier,
    DossierVariant,
    PassedOver,
    RoleHeld,
    Selected,
)
from pratique.filing.filings import (
    Filed,
    Filing,
    keep_filing,
    list_filings,
    next_id,
)
from pratique.filing.manifest import manifest_sha256
from pratique.filing.pack import manifest_bytes, write_pack
from pratique.filing.places import Place, Places, places_of
from pratique.filing.proofs import proofs
from pratique.filing.public_list import latest_public_list
from pratique.filing.results import result_of
from pratique.regimes.routes import RouteFacts
from pratique.serving.variant import digest_of, frozen
from pratique.settings.workspace import Market
from pratique.store import snapshots
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
    if not draft:
        require_on_time(opened, market_id, "file")
    offered = offer(opened.workspace, market_id)
    found = places_of(
        offered, selection, assessment, latest_public_list(opened.workspace, market_id)
    )
    if not found.places:
        raise NotAllowed(
            f"nobody serves anything in `{market_id}`: there is nothing to file",
            hint="`pratique select` says why each candidate was passed over",
        )
    if not draft:
        _require_partners_filed(found.places)
    dossier = _dossier(opened, name, offered.market, selection, assessment, found, draft)
    same = _same_filing(opened, dossier)
    if same is not None:
        return same
    pack = Path("filings") / name
    folder = opened.workspace.folder / pack
    folder.parent.mkdir(exist_ok=True)
    write_pack(folder, dossier, opened.key)
    filing = Filing(
        id=name,
        market=market_id,
        regime=dossier.regime,
        state="draft" if draft else "complete",
        simulated=dossier.simulated,
        selection=selection.id,
        pack=pack.as_posix(),
        manifest_sha256=manifest_sha256(folder),
        created=dossier.created,
        variants=tuple(
            Filed(
                feature=one.variant.feature,
                locale=one.variant.locale,
                digest=digest_of(one.variant),
                place=one.place,
            )
            for one in found.places
        ),
    )
    _keep(opened, filing, found.places)
    return filing


def _same_filing(opened: Opened, dossier: Dossier) -> Filing | None:
    """Return the latest filing of the market where it was made from the very same: nothing is built twice."""
    with opened.database.connect() as connection:
        known = list_filings(connection, dossier.market)
    if not known:
        return None
    latest = known[-1]
    then = msgspec.structs.replace(dossier, filing=latest.id, created=latest.created)
    data = manifest_bytes(then)
    return latest if hashlib.sha256(data).hexdigest() == latest.manifest_sha256 else None


def _require_current(selection: Selection, assessment: Assessment) -> None:
    if selection.assessment != assessment.id:
        raise NotAllowed(
            f"`{selection.market}` was assessed again since the selection was made",
            hint="`pratique select` decides on the newest findings",
        )


def _keep(opened: Opened, filing: Filing, places: Sequence[Place]) -> None:
    facts: dict[str, object] = {
        "manifest_sha256": filing.manifest_sha256,
        "state": filing.state,
        "simulated": filing.simulated,
        "variants": [one.digest for one in filing.variants],
    }
    with opened.ledger.decision(
        who=opened.who, kind="filing.built", subject=filing.id, body=facts
    ) as connection:
        for one in places:
            snapshots.put(connection, frozen(one.variant), "variant")
        keep_filing(connection, filing)


def _dossier(
    opened: Opened,
    name: str,
    market: Market,
    selection: Selection,
    assessment: Assessment,
    found: Places,
    draft: bool,
) -> Dossier:
    configuration = opened.workspace.configuration
    submitted = tuple(map(_submitted, found.places))
    results = tuple(map(result_of, assessment.findings))
    stated, files = enclosed(opened.workspace, stated_answers(opened.workspace, market.id))
    asked, letters = enclosed(opened.workspace, procedures_answered(opened.workspace, market.id))
    notes = tuple(dict.fromkeys(_partner_notes(found.places)))
    proved = proofs(opened, market.id)
    measured = (*measured_answers(submitted, results), *proved.answers)
    return Dossier(
        filing=name,
        market=market.id,
        regime=market.regime,
        draft=draft,
        simulated=configuration.rehearsal,
        created=stamp(opened.clock()),
        variants=submitted,
        results=results,
        selection=tuple(_selected(one, found) for one in selection.choices),
        answers=merged(measured, stated),
        procedures=asked,
        notes=(*assessment.left_out, *found.notes, *notes),
        producer=configuration.producer.name,
        producer_code=configuration.producer.code,
        partners=notes,
        enclosed={**proved.files, **files, **letters},
        keywords=proved.keywords,
        questions=proved.questions,
    )


def _require_partners_filed(places: Sequence[Place]) -> None:
    for one in places:
        if one.partner.holds is False:
            raise NotAllowed(
                f"the partner's own filing does not hold: {one.partner.why}",
                hint="correct `partner_filings`, supply the newest list, or take another partner",
            )


def _partner_notes(places: Sequence[Place]) -> Iterator[str]:
    for one in places:
        if one.variant.serving.weights == "unmodified_api":
            yield one.partner.why


def _submitted(one: Place) -> DossierVariant:
    variant, serving = one.variant, one.variant.serving
    return DossierVariant(
        feature=variant.feature,
        locale=variant.locale,
        partner=serving.partner,
        model=serving.model,
        digest=digest_of(variant),
        roles=tuple(
            RoleHeld(role=role.role, partner=role.partner, model=role.model, snapshot=role.snapshot)
            for role in variant.roles
        ),
        route=RouteFacts(
            offered_to_public=True, weights=serving.weights, partner_filed=one.partner.holds
        ),
        place=one.place,
    )


def _selected(choice: Choice, found: Places) -> Selected:
    return Selected(
        feature=choice.feature,
        locale=choice.locale,
        serves=choice.serves,
        passed_over=tuple(
            PassedOver(candidate=one.candidate, reason=one.reason) for one in choice.passed_over
        ),
        held_back=choice.held_back,
        fallbacks=found.fallbacks(choice.feature, choice.locale),
    )
