"""The steps of a rollout, each with its entry in the ledger."""

from collections.abc import Iterator

from sqlalchemy import Connection

from pratique.assessment.decisions import latest_selection
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.filing.filings import list_filings
from pratique.people.accounts import get
from pratique.rollout import halts, releases
from pratique.rollout.evaluations import ADVANCED, evaluated, keep_evaluation
from pratique.rollout.gate import Refusal, Rules, digest_approval
from pratique.rollout.halts import Halt, Scope
from pratique.rollout.readiness import SIGNED_OFF, standing
from pratique.rollout.releases import Release
from pratique.rollout.state import read_state
from pratique.serving.variant import Variant, thawed
from pratique.store import snapshots
from pratique.workspace.opened import Opened
from pratique.workspace.sign_offs import ask, take


def gate_rules(opened: Opened, market: str) -> Rules:
    """Return what the gate of *opened* holds requests for *market* to."""
    configuration = opened.workspace.configuration
    return Rules(
        market=opened.workspace.market(market),
        workspace=configuration.name,
        rehearsal=configuration.rehearsal,
        verifies=opened.verifies,
    )


def approved_digest(opened: Opened, rules: Rules, feature: str, locale: str) -> str:
    """Return the digest of *feature* in *locale* that an approval in force covers, the newest first.

    Raises:
        NotAllowed: there is none.
    """
    for digest in _approved_digests(opened, rules, feature, locale):
        return digest
    with opened.database.connect() as connection:
        state = read_state(connection, rules, opened.clock())
        filings = list_filings(connection, rules.market.id)
    for filing in reversed(filings):
        for one in filing.variants:
            if (one.feature, one.locale) == (feature, locale):
                why = digest_approval(state, one.digest, opened.clock())
                if isinstance(why, Refusal):
                    raise NotAllowed(
                        f"`{feature}` in `{locale}` has no approval in force: {why.detail}",
                        hint=why.hint,
                    )
    raise NotAllowed(
        f"`{feature}` in `{locale}` has no approval in force for `{rules.market.id}`: it was never filed",
        hint="`pratique file` makes the filing, `pratique approve` enters the regulator's answer",
    )


def start(
    opened: Opened,
    rules: Rules,
    digest: str,
    *,
    following: tuple[Release, str] | None = None,
    again: bool = False,
) -> Release:
    """Start the release of the frozen variant *digest* at its first stage.

    *following*, a release and why it is left, makes it a switch: it begins at the stage of that
    one, which must be of the same feature and locale. With *again* it may be what is on already.

    Raises:
        NotAllowed: no approval in force covers it, which is in the ledger; or it is on already, and
            would fall back to the first stage.
        NotFound, Tampered: there is no such snapshot, or it was changed.
    """
    with opened.database.connect() as connection:
        state = read_state(connection, rules, opened.clock())
    found = digest_approval(state, digest, opened.clock())
    if isinstance(found, Refusal):
        why = {"reason": found.reason, "market": rules.market.id}
        with opened.ledger.decision(
            who=opened.who, kind="release.refused", subject=digest, body=why
        ):
            pass
        raise NotAllowed(f"`{digest}` cannot be released: {found.detail}", hint=found.hint)
    # A switch to what is approved goes in a hurry; it never waits for a second person.
    asked = {"digest": digest, "stage": rules.market.stages[0].name}
    if not following:
        _require_new(opened, rules.market.id, digest, again)
        ask(opened, "stage", rules.market.id, asked)
    with opened.ledger.transaction() as connection:
        if not following:
            take(opened, connection, "stage", rules.market.id, asked)
        variant = thawed(snapshots.get(connection, digest))
        before = _still(connection, variant, following[0]) if following else None
        release = releases.start(
            connection,
            market=rules.market.id,
            feature=variant.feature,
            locale=variant.locale,
            digest=digest,
            stages=before.stages if before else rules.market.stages,
            stage=before.stage if before else 0,
            now=opened.clock(),
        )
        facts: dict[str, object] = {
            "digest": digest,
            "approval": found.number,
            "stage": release.stages[release.stage].name,
            "simulated": found.simulated,
        }
        if following:
            facts |= {"before": following[0].id, "reason": following[1]}
        kind = "release.switched" if following else "release.started"
        opened.ledger.record(connection, who=opened.who, kind=kind, subject=release.id, body=facts)
    return release


def _require_new(opened: Opened, market: str, digest: str, again: bool) -> None:
    with opened.database.connect() as connection:
        found = releases.list_releases(connection, market)
    for one in found:
        if (one.digest, one.state) == (digest, "on") and not again:
            raise NotAllowed(
                f"release `{one.id}` is this very variant, and on at stage"
                f" `{one.stages[one.stage].name}`",
                hint="`pratique rollout advance` moves it on; `pratique rollout start --again` lets it"
                f" begin anew at `{one.stages[0].name}`",
            )


def _still(connection: Connection, variant: Variant, before: Release) -> Release:
    """Return the release that is left, as it is now.

    Raises:
        NotAllowed: the variant is of another feature or locale, or somebody else switched.
    """
    if (variant.feature, variant.locale) != (before.feature, before.locale):
        raise NotAllowed(
            f"that variant is `{variant.feature}` in `{variant.locale}`, not"
            f" `{before.feature}` in `{before.locale}`"
        )
    now = releases.current(connection, before.market, before.feature, before.locale)
    if now.id != before.id:
        raise NotAllowed(
            f"release `{before.id}` was followed by `{now.id}` just now, by somebody else",
            hint="look at `pratique rollout status`, then decide again",
        )
    return now


def advance(opened: Opened, market: str, feature: str, locale: str) -> Release:
    """Move the release to its next stage.

    Raises:
        NotAllowed: it lacks time, requests, a rule's pass or a sign-off at this stage, or somebody
            else moved it meanwhile.
    """
    with opened.database.connect() as connection:
        seen = releases.current(connection, market, feature, locale)
    asked = {"leaves": seen.stages[seen.stage].name}
    ask(opened, "stage", seen.id, asked)
    with opened.ledger.transaction() as connection:
        release = releases.current(connection, market, feature, locale)
        if (release.id, release.stage) != (seen.id, seen.stage):
            raise NotAllowed(
                f"release `{release.id}` was moved to stage"
                f" `{release.stages[release.stage].name}` by somebody else just now",
                hint="look at `pratique rollout status`, then decide again",
            )
        now = opened.clock()
        advanced = releases.advance(connection, release, now)
        found = standing(connection, opened.workspace.market(market), release, opened.who, now)
        if found.missing:
            raise NotAllowed(
                f"release `{release.id}` may not leave stage"
                f" `{release.stages[release.stage].name}`: it lacks {'; '.join(found.missing)}",
                hint="`pratique rollout status` shows how it stands; undecided never advances",
            )
        take(opened, connection, "stage", seen.id, asked)
        seen_by = keep_evaluation(
            connection, evaluated(found, opened.workspace.market(market), now), ADVANCED
        )
        record(opened, connection, ADVANCED, advanced, evaluation=seen_by)
    return advanced


def sign_off(opened: Opened, market: str, feature: str, locale: str) -> Release:
    """Sign off that the release leaves the stage it is at; somebody else then advances it.

    Raises:
        NotAllowed: whoever signs holds no account that may approve.
    """
    with opened.ledger.transaction() as connection:
        if "approver" not in get(connection, opened.who).roles:
            raise NotAllowed(
                f"`{opened.who}` may not sign off: the account lacks the role `approver`",
                hint="`pratique people list` shows who may",
            )
        release = releases.current(connection, market, feature, locale)
        record(opened, connection, SIGNED_OFF, release)
    return release


def halt(opened: Opened, market: str, feature: str, locale: str, reason: str) -> Release:
    """Stop the release at once, for a *reason* that the ledger keeps."""
    with opened.ledger.transaction() as connection:
        release = releases.halt(
            connection, releases.current(connection, market, feature, locale), reason
        )
        record(opened, connection, "release.halted", release)
    return release


def resume(opened: Opened, market: str, feature: str, locale: str) -> Release:
    """Let a halted release serve again."""
    with opened.ledger.transaction() as connection:
        release = releases.resume(
            connection, releases.current(connection, market, feature, locale), opened.clock()
        )
        record(opened, connection, "release.resumed", release)
    return release


def order_halt(opened: Opened, market: str, scope: Scope, reason: str) -> Halt:
    """Stop whatever *scope* names, in releases of today and tomorrow, until it is lifted.

    Raises:
        NotAllowed: it names nothing, no reason is given, or it stands already.
        NotFound: it names what this market does not have: a slip would stop nothing.
    """
    if scope.is_everything:
        raise NotAllowed(
            "a halt names what it stops",
            hint="pass a feature, locale, app category or partner; one of them may be enough",
        )
    _require_known(opened, market, scope)
    with opened.ledger.transaction() as connection:
        halt = halts.order(connection, market, scope, reason, opened.who, opened.clock())
        _record_halt(opened, connection, "halt.ordered", halt)
    return halt


def _require_known(opened: Opened, market: str, scope: Scope) -> None:
    rules = gate_rules(opened, market)
    with opened.database.connect() as connection:
        cells = read_state(connection, rules, opened.clock()).cells.values()
    partners = {name.partition("/")[0] for name in rules.market.candidates}
    partners |= {cell.variant.serving.partner for cell in cells if cell.variant}
    for what, name, known in (
        ("feature", scope.feature, rules.market.features),
        ("locale", scope.locale, rules.market.locales),
        ("partner", scope.partner, sorted(partners)),
    ):
        if name is not None and name not in known:
            raise NotFound(
                f"no {what} `{name}` in `{market}`, so a halt on it would stop nothing",
                hint=f"there is {', '.join(known)}",
            )


def lift_halt(opened: Opened, market: str, scope: Scope) -> Halt:
    """Lift the halt on exactly *scope*.

    Raises:
        NotFound: there is none.
    """
    with opened.ledger.transaction() as connection:
        halt = halts.lift(connection, market, scope, opened.clock())
        _record_halt(opened, connection, "halt.lifted", halt)
    return halt


def resume_scope(opened: Opened, market: str, scope: Scope) -> tuple[Release | None, Halt | None]:
    """Lift the halt on exactly *scope*; of a feature and a locale, resume a halted release, too.

    Raises:
        NotFound: there is neither.
    """
    release: Release | None = None
    if (
        scope == Scope(feature=scope.feature, locale=scope.locale)
        and scope.feature
        and scope.locale
    ):
        with opened.database.connect() as connection:
            found = releases.list_releases(connection, market)
        if any(
            (one.feature, one.locale, one.state) == (scope.feature, scope.locale, "halted")
            for one in found
        ):
            release = resume(opened, market, scope.feature, scope.locale)
    try:
        return release, lift_halt(opened, market, scope)
    except NotFound:
        if release is None:
            raise
        return release, None


def fallbacks(opened: Opened, rules: Rules, feature: str, locale: str) -> list[tuple[str, str]]:
    """Return the fallbacks of the selection, best first, that an approval in force covers now.

    Each is the candidate's `partner/model` and the digest of its newest approved variant.
    """
    with opened.database.connect() as connection:
        try:
            selection = latest_selection(connection, rules.market.id)
        except NotFound:
            return []
    order = next(
        (
            one.fallbacks
            for one in selection.choices
            if (one.feature, one.locale) == (feature, locale)
        ),
        (),
    )
    digests: dict[str, str] = {}
    for digest in _approved_digests(opened, rules, feature, locale):
        with opened.database.connect() as connection:
            data = snapshots.get(connection, digest)
        try:
            digests.setdefault(thawed(data).candidate, digest)
        except Malformed:
            continue  # made by another version of the product: this one cannot serve it
    return [(candidate, digests[candidate]) for candidate in order if candidate in digests]


def switch(
    opened: Opened, rules: Rules, feature: str, locale: str, *, reason: str, digest: str | None
) -> Release:
    """Serve *feature* by an approved fallback from now on, at the stage it is at.

    *digest* names the fallback's frozen variant; None takes the first of the selection's that is
    approved. The devices that are served stay those that were.

    Raises:
        NotAllowed: there is no such fallback, no approval in force covers it, or no reason is given.
    """
    if not reason.strip():
        raise NotAllowed("a switch needs a reason", hint="say it in a line: the ledger keeps it")
    with opened.database.connect() as connection:
        before = releases.current(connection, rules.market.id, feature, locale)
    chosen = digest or next(
        (found for _, found in fallbacks(opened, rules, feature, locale) if found != before.digest),
        None,
    )
    if chosen is None:
        raise NotAllowed(
            f"`{feature}` in `{locale}` has no approved fallback",
            hint="file the selection's fallbacks too; `pratique rollout halt` stops it meanwhile",
        )
    return start(opened, rules, chosen, following=(before, reason))


def _approved_digests(opened: Opened, rules: Rules, feature: str, locale: str) -> Iterator[str]:
    """Yield the digests that an approval in force covers: of the newest filing first, and of each
    what it was carried over to before what was filed."""
    now = opened.clock()
    with opened.database.connect() as connection:
        state = read_state(connection, rules, now)
        filings = list_filings(connection, rules.market.id)
    covered = [one.approval for one in state.record.approvals if one.approval]
    for filing in reversed(filings):
        known = [one for each in covered if each.filing == filing.id for one in each.variants]
        carried = [one for one in reversed(known) if one not in filing.variants]
        for one in (*carried, *filing.variants):
            here = (one.feature, one.locale) == (feature, locale)
            if here and not isinstance(digest_approval(state, one.digest, now), Refusal):
                yield one.digest


def _record_halt(opened: Opened, connection: Connection, kind: str, halt: Halt) -> None:
    facts: dict[str, object] = {
        "market": halt.market,
        "scope": str(halt.scope),
        "reason": halt.reason,
    }
    opened.ledger.record(connection, who=opened.who, kind=kind, subject=halt.id, body=facts)


def record(
    opened: Opened,
    connection: Connection,
    kind: str,
    release: Release,
    *,
    who: str = "",
    evaluation: str = "",
) -> None:
    """Add a decision about *release* to the ledger; *who* decided, if not who opened.

    *evaluation* names the evaluation of the halt rules that it follows from, if there is one.
    """
    facts = {
        "digest": release.digest,
        "stage": release.stages[release.stage].name,
        "reason": release.reason,
    }
    if evaluation:
        facts["evaluation"] = evaluation
    opened.ledger.record(
        connection, who=who or opened.who, kind=kind, subject=release.id, body=facts
    )
