"""`pratique label`: put labels into files, read them, and check them against a market's rules."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from pratique.cli.output import as_json, emit, in_workspace, say, table

if TYPE_CHECKING:
    from pratique.labels.checking import Checked
    from pratique.labels.drawing import Drawn
    from pratique.labels.provenance import Algorithm, Credentials
    from pratique.labels.visible import Where
    from pratique.regimes.labelling import Elements
    from pratique.regimes.regime import Regime

P = ParamSpec("P")
T = TypeVar("T")

_PLACES = ["none", "start", "end", "superscript", "interface"]
_CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"]
_ALGORITHMS = ["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"]
_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def _regime(command: Callable[P, T]) -> Callable[P, T]:
    return click.option(
        "--regime", "regime_id", default="cn-cac", show_default=True, help="Rules of the market."
    )(command)


@click.group("label")
def label() -> None:
    """Labels of generated content: add them to files, read them, check them."""


@label.command("add")
@_FILE
@_regime
@click.option("--locale", default="zh-Hans", show_default=True, help="Language of the statement.")
@click.option(
    "--visible",
    "where",
    type=click.Choice([*_PLACES, *_CORNERS]),
    default="none",
    show_default=True,
    help="Where people see the statement; `interface` in an answer.",
)
@click.option("--font", type=click.Path(path_type=Path, dir_okay=False), help="Font to draw with.")
@click.option("--height", type=click.IntRange(1, 10_000), help="Height of drawn glyphs, in pixels.")
@click.option("--producer-code", default="", help="27 characters; else the workspace's.")
@click.option("--id", "content_id", default="", help="Number of the content; else a new one.")
@click.option("--replace", is_flag=True, help="Put the field in place of one that is there.")
@click.option("--cert", type=click.Path(path_type=Path, dir_okay=False), help="PEM, for C2PA.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="PEM, for C2PA.")
@click.option("--algorithm", type=click.Choice(_ALGORITHMS), default="es256", show_default=True)
@click.option("--unlabelled-for", "recipient", default="", help="Who asked for no visible label.")
@click.option(
    "--agreement",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Document that sets that person's duty to label; its hash is logged.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--in-place", is_flag=True, help="Write FILE itself.")
@in_workspace
@as_json
def add(
    file: Path,
    regime_id: str,
    locale: str,
    where: str,
    font: Path | None,
    height: int | None,
    producer_code: str,
    content_id: str,
    replace: bool,
    cert: Path | None,
    key: Path | None,
    algorithm: "Algorithm",
    recipient: str,
    agreement: Path | None,
    out: Path | None,
    in_place: bool,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Write the labels of a market's rules into FILE, and read them back."""
    from uuid import uuid4

    from pratique.errors import NotAllowed
    from pratique.labels.kinds import load
    from pratique.regimes.regime import load_regime

    target = _target(file, out, in_place)
    if bool(recipient) != (agreement is not None):
        raise click.UsageError("`--unlabelled-for` and `--agreement` go together")
    if recipient and where != "none":
        raise click.UsageError("`--unlabelled-for` asks for no visible label, `--visible` for one")
    regime = load_regime(regime_id)
    number = content_id or uuid4().hex
    before = load(file)
    data, drawn = _shown(before, file, regime, locale, where, font, height)
    data = _marked(
        data, file, regime, number, lambda: _code(producer_code, workspace), replace,
        _credentials(regime, cert, key, algorithm),
    )  # fmt: skip
    if data == before:
        raise NotAllowed(
            f"{file}: nothing to write; `{regime.id}` asks for no label that machines read",
            hint="`--visible` adds a statement that people see",
        )
    if agreement is not None:
        _log(workspace, regime, recipient, number, agreement)
    target.write_bytes(data)
    _tell_added(target, regime, number, drawn, where, recipient, json_)


@label.command("read")
@_FILE
@as_json
def read(file: Path, json_: bool) -> None:
    """Show the labels in FILE."""
    import msgspec

    from pratique.labels.files import read_label
    from pratique.labels.kinds import load
    from pratique.labels.provenance import TYPES, read_provenance

    found = read_label(file)
    provenance = read_provenance(load(file), found.kind) if found.kind in TYPES else None
    document = {"file": str(file), **msgspec.to_builtins(found), "provenance": provenance}
    lines: list[str] = []
    for field in found.fields:
        lines += table(["key", "value"], list(msgspec.to_builtins(field).items()))
    if provenance is not None:
        rows = [(name, str(value)) for name, value in msgspec.to_builtins(provenance).items()]
        lines += ["", *table(["signed manifest", ""], rows)]
    emit(json_, document, [*(lines or ["no label"]), *(f"fault: {one}" for one in found.faults)])


@label.command("check")
@_FILE
@_regime
@click.option("--unlabelled", is_flag=True, help="It was given without a visible label on request.")
@as_json
def check(file: Path, regime_id: str, unlabelled: bool, json_: bool) -> None:
    """Hold FILE against a market's rules; exit with 1 if a label is missing or wrong."""
    import msgspec

    from pratique.labels.checking import check_file
    from pratique.regimes.regime import load_regime

    checked = check_file(file, load_regime(regime_id), unlabelled=unlabelled)
    document = {"file": str(file), "passed": checked.passed, **msgspec.to_builtins(checked)}
    emit(json_, document, _told(checked))
    if not checked.passed:
        raise click.exceptions.Exit(1)


@label.command("log")
@click.option("--recipient", default=None, help="Only what this one was given.")
@in_workspace
@as_json
def log(recipient: str | None, workspace: Path | None, json_: bool) -> None:
    """Show who was given content without a visible label, and until when that is kept."""
    from pratique.cli.opening import opened_workspace
    from pratique.labels.unlabelled import list_unlabelled

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        given = list_unlabelled(connection, recipient)
    rows = [
        (one.at, one.recipient, one.content_id, one.agreement_sha256[:12], one.keep_until)
        for one in given
    ]
    emit(json_, given, table(["given", "to", "content", "agreement", "kept until"], rows))


def _target(file: Path, out: Path | None, in_place: bool) -> Path:
    if (out is None) != in_place:
        raise click.UsageError("say where to write: either `--out FILE` or `--in-place`")
    return file if out is None else out


def _shown(
    data: bytes,
    file: Path,
    regime: "Regime",
    locale: str,
    where: str,
    font: Path | None,
    height: int | None,
) -> "tuple[bytes, Drawn | None]":
    if where == "none":
        return data, None
    from pratique.labels.kinds import kind_of
    from pratique.labels.visible import add_visible

    place: Where = where  # type: ignore[assignment]
    return add_visible(
        data,
        kind_of(data, file),
        regime.label.explicit,
        _text(regime, locale),
        place,
        font=font,
        height=height,
    )


def _text(regime: "Regime", locale: str) -> "Elements":
    from pratique.errors import NotFound

    for text in regime.label.explicit.texts:
        if text.locale == locale:
            return text
    known = ", ".join(text.locale for text in regime.label.explicit.texts)
    raise NotFound(f"regime `{regime.id}` has no statement in `{locale}`", hint=f"it has {known}")


def _marked(
    data: bytes,
    file: Path,
    regime: "Regime",
    number: str,
    code: Callable[[], str],
    replace: bool,
    credentials: "Credentials | None",
) -> bytes:
    from pratique.labels.files import label_bytes
    from pratique.labels.implicit import first_write
    from pratique.labels.kinds import kind_of
    from pratique.labels.policy import require_generating
    from pratique.labels.provenance import sign_picture
    from pratique.regimes.labelling import AigcDuty, C2paDuty

    duty = regime.label.implicit
    if isinstance(duty, AigcDuty):
        producer = code()
        require_generating(producer)
        return label_bytes(data, file, first_write(producer, number), replace=replace)
    if isinstance(duty, C2paDuty) and credentials is not None:
        return sign_picture(
            data, kind_of(data, file), credentials, source_type=duty.source_type, title=number
        )
    return data


def _credentials(
    regime: "Regime", cert: Path | None, key: Path | None, algorithm: "Algorithm"
) -> "Credentials | None":
    from pratique.labels.provenance import Credentials
    from pratique.regimes.labelling import C2paDuty

    if not isinstance(regime.label.implicit, C2paDuty):
        return None
    if cert is None or key is None:
        raise click.UsageError(f"`{regime.id}` wants a signed manifest: pass `--cert` and `--key`")
    return Credentials(certificates=cert, key=key, algorithm=algorithm)


def _code(named: str, workspace: Path | None) -> str:
    if named:
        return named
    from pratique.cli.opening import named_workspace
    from pratique.errors import NotFound

    try:
        return named_workspace(workspace).configuration.producer.code
    except NotFound as error:
        raise NotFound(
            "no producer code", hint="pass `--producer-code`, or work in a workspace that has one"
        ) from error


def _log(
    workspace: Path | None, regime: "Regime", recipient: str, number: str, agreement: Path
) -> None:
    """Record the request before the file is written: what is not logged is not given."""
    import hashlib
    from datetime import UTC, datetime

    from pratique.cli.opening import opened_workspace
    from pratique.labels.unlabelled import give_unlabelled

    with opened_workspace(workspace) as opened, opened.database.begin() as connection:
        give_unlabelled(
            connection,
            regime,
            recipient=recipient,
            content_id=number,
            agreement_sha256=hashlib.sha256(agreement.read_bytes()).hexdigest(),
            now=datetime.now(UTC),
        )


def _tell_added(
    target: Path,
    regime: "Regime",
    number: str,
    drawn: "Drawn | None",
    where: str,
    recipient: str,
    json_: bool,
) -> None:
    document = {
        "file": str(target),
        "regime": regime.id,
        "content_id": number,
        "visible": where,
        "drawn": drawn,
        "unlabelled_for": recipient or None,
    }
    lines = [f"{target}: labelled by `{regime.id}`, content {number}"]
    if drawn is not None:
        lines.append(
            f"glyphs of {drawn.glyph_height} pixels, {drawn.share:.1%} of the shortest side"
            f" ({drawn.shortest_side}); asked for:"
            f" {'no height' if drawn.asked is None else f'{drawn.asked:.0%}'}"
        )
    emit(json_, document, lines)
    if where == "none" and not recipient:
        say("people see no statement in this file; `--visible` adds one")


def _told(checked: "Checked") -> list[str]:
    lines = [
        f"{checked.kind}, held against `{checked.regime}`:"
        f" {'nothing wrong found' if checked.passed else 'not as it should be'}",
        f"visible statement: {checked.visible.replace('_', ' ')}",
    ]
    if checked.provenance is not None:
        lines.append(
            f"signed manifest: {checked.provenance.state.lower()}, by `{checked.provenance.signer}`"
        )
    lines += [f"fault: {one}" for one in checked.faults]
    return lines + [f"open: {one}" for one in checked.open]
