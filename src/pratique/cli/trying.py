"""`pratique feature try`: one request to one model, to see what a prompt makes of it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import named_workspace, own_content
from pratique.cli.output import as_json, emit, in_workspace

if TYPE_CHECKING:
    from pratique.evals.metrics.figures import Figure
    from pratique.features.packs import Pack
    from pratique.partners.catalogue import Candidate
    from pratique.serving.answer import Answer
    from pratique.serving.variant import Variant
    from pratique.settings.workspace import Access

_PRODUCER = "001191000000MA0000000N10001"
"""A made-up code where a workspace names its own: the answer goes nowhere but to the screen."""


@click.command("try")
@click.argument("name")
@click.option("--locale", default="en", show_default=True, help="Locale of the request.")
@click.option(
    "--candidate",
    default="embedded/rules",
    show_default=True,
    help="Model to ask; `pratique partner list` shows what there is.",
)
@click.option(
    "--input", "given", default="", help="The request's input as JSON; else the pack's example."
)
@click.option("--times", default=1, show_default=True, help="How often to ask the very same.")
@click.option("--deadline", default=60.0, show_default=True, help="Seconds for one answer.")
@in_workspace
@as_json
def feature_try(
    name: str,
    locale: str,
    candidate: str,
    given: str,
    times: int,
    deadline: float,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Ask a model for a feature and show what came back, outside of every approval.

    It reads the files as they are now and keeps nothing. With `--times` it says how alike the
    answers were.
    """
    from pratique.features.packs import find_packs, packaged, read_pack
    from pratique.partners.catalogue import find_candidate, read_partners
    from pratique.partners.catalogue import packaged as packaged_partners

    folders = find_packs([*own_content(workspace, "features"), packaged()])
    if name not in folders:
        raise click.BadParameter(f"no feature `{name}`; known: {', '.join(folders)}")
    pack = read_pack(folders[name])
    partners = read_partners([*own_content(workspace, "partners"), packaged_partners()])
    found = find_candidate(partners, candidate)
    answers = asyncio.run(
        _asked(pack, found, locale, _request(pack, locale, given), workspace, times, deadline)
    )
    emit(json_, _document(name, locale, candidate, answers), _lines(answers))


def _request(pack: "Pack", locale: str, given: str) -> Mapping[str, object]:
    import msgspec

    if not given:
        if locale not in pack.locales:
            raise click.BadParameter(f"no locale `{locale}`; known: {', '.join(pack.locales)}")
        return pack.file.example[locale]
    try:
        return msgspec.json.decode(given, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise click.BadParameter(f"--input is no JSON object: {error}") from None


async def _asked(
    pack: "Pack",
    candidate: "Candidate",
    locale: str,
    request: Mapping[str, object],
    workspace: Path | None,
    times: int,
    deadline: float,
) -> list["Answer"]:
    from pratique.partners.pool import Pool
    from pratique.privacy import Sensitive
    from pratique.serving.answer import BadInput, answer, require_valid_input
    from pratique.serving.guard import starter_guard

    variant = _variant(pack, candidate, locale)
    try:
        require_valid_input(variant, request)
    except BadInput as error:
        raise click.BadParameter(str(error)) from None
    accesses, folder = _access(workspace)
    pool = Pool({candidate.partner.id: candidate.partner}, "CN", accesses=accesses, folder=folder)
    try:
        model = pool.connected(candidate)
        return [
            await answer(
                variant,
                Sensitive(request),
                model,
                content_id=f"try-{n}",
                deadline=deadline,
                guard=starter_guard(),
            )
            for n in range(times)
        ]
    finally:
        await pool.close()


def _variant(pack: "Pack", candidate: "Candidate", locale: str) -> "Variant":
    from pratique.labels.policy import label_policy
    from pratique.regimes.regime import load_regime
    from pratique.serving.variant import variant_of

    return variant_of(pack, candidate, "CN", locale, label_policy(load_regime("cn-cac"), _PRODUCER))


def _access(workspace: Path | None) -> tuple[Mapping[str, "Access"], Path]:
    """Return how the workspace reaches partners; nothing where there is no workspace."""
    from pratique.errors import NotFound

    try:
        found = named_workspace(workspace)
    except NotFound:
        if workspace is not None:
            raise
        return {}, Path()
    return found.configuration.partners, found.folder


def _document(name: str, locale: str, candidate: str, answers: list["Answer"]) -> dict[str, object]:
    return {
        "feature": name,
        "locale": locale,
        "candidate": candidate,
        "answers": [
            {
                "status": one.status,
                "reply": one.reply,
                "reason": one.reason,
                "said": one.said.text if one.said else None,
                "hits": one.hits,
                "output": one.output.reveal() if one.output else None,
                "draft": one.draft.reveal() if one.draft else None,
                "checks": one.checks,
                "asked": one.asked,
                "seconds": round(one.seconds, 3),
            }
            for one in answers
        ],
        "consistency": _consistency(answers),
    }


def _consistency(answers: list["Answer"]) -> "Figure | None":
    """Return how alike the answers were; None for a single one. One that did not come is like none."""
    from pratique.evals.metrics.rates import repeat_consistency

    if len(answers) < 2:
        return None
    return repeat_consistency(
        [[one.draft.reveal() if one.draft and one.reply == "ok" else None for one in answers]]
    )


def _lines(answers: list["Answer"]) -> list[str]:
    import json

    lines = []
    for one in answers:
        lines.append(f"{one.status} after {one.seconds:.2f} s, asked {one.asked}×")
        if one.reason:
            lines.append(f"{one.reason}: {', '.join(one.hits) or 'no rule of ours'}")
        if one.said:
            lines.append(f"the user is told: {one.said.text}")
        if one.output:
            lines.append(json.dumps(one.output.reveal(), ensure_ascii=False, indent=2))
        elif one.draft:
            lines.append(f"the model wrote: {one.draft.reveal()!r}")
        lines += [
            f"{'✓' if check.passed else '✗'} {check.id}{': ' + check.why if check.why else ''}"
            for check in one.checks
        ]
    if alike := _consistency(answers):
        lines.append(f"repeat consistency over {len(answers)} answers: {alike.value:.0%}")
    return lines
