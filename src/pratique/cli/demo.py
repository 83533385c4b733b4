"""`pratique demo`: the whole loop on embedded models."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.output import as_json, emit, say

if TYPE_CHECKING:
    from pratique.assessment.planning import Plan
    from pratique.evals.cells import Cell
    from pratique.rehearsal.demo import Shown

DEFAULT = Path("demo")


class _Teller:
    """Tells on stdout, or on stderr when stdout is for JSON."""

    def __init__(self, json_: bool) -> None:
        self._json = json_

    def say(self, line: str) -> None:
        if self._json:
            say(line)
        else:
            click.echo(line)
            sys.stdout.flush()

    def live(self, planned: "Plan") -> "AbstractContextManager[Callable[[Sequence[Cell]], None]]":
        from pratique.cli.progress import live

        return live(planned)


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="New folder for the workspace; else `demo`, `demo-2`, …",
)
@click.option("--no-serve", is_flag=True, help="End after verifying, instead of serving.")
@as_json
def demo(folder: Path | None, no_serve: bool, json_: bool) -> None:
    """Play the whole loop on models that run inside the process.

    Init, assess, select, file, approve for practice, roll out, tamper, verify, serve. Exit 1 where
    nothing meets its bar, or a step does not go as it must.
    """
    from pratique.rehearsal.demo import demo as play

    shown = play(folder or _new_folder(), _Teller(json_))
    emit(
        json_,
        _document(shown),
        [
            f"{'done' if shown.ok else 'NOT as it must be'} in {shown.seconds:.0f} s; workspace `{shown.workspace}`"
        ],
    )
    if not shown.ok:
        sys.exit(1)
    if not no_serve:
        _serve(shown)


def _new_folder() -> Path:
    number = 1
    while (path := DEFAULT if number == 1 else Path(f"{DEFAULT}-{number}")).exists():
        number += 1
    return path


def _document(shown: "Shown") -> dict[str, object]:
    """Return the demo as one document."""
    filing = shown.filing
    return {
        "findings": shown.assessment.findings,
        "calls": sum(one.calls for one in shown.assessment.findings),
        "full_calls": shown.plan.full_calls,
        "left_out": shown.assessment.left_out,
        "selection": shown.selection,
        "filing": None
        if filing is None
        else {
            "id": filing.id,
            "pack": str(shown.workspace / filing.pack),
            "manifest_sha256": filing.manifest_sha256,
            "simulated": filing.simulated,
            "variants": filing.variants,
        },
        "approval": shown.approval,
        "steps": [
            {"step": one.step, "expected": one.expected, "observed": one.observed, "ok": one.ok}
            for one in shown.steps
        ],
        "verified": shown.verified.ok,
        "verification": shown.verified,
        "report": str(shown.report),
        "workspace": str(shown.workspace),
        "seconds": round(shown.seconds, 1),
        "ok": shown.ok,
    }


def _serve(shown: "Shown") -> None:
    """Serve the workspace, with a line that works."""
    import msgspec

    from pratique.rehearsal.demo import MARKET, sample_call
    from pratique.web.serve import free_port, run

    port = free_port("127.0.0.1", 0)
    feature, body = sample_call(shown)
    text = msgspec.json.encode(body).decode().replace("'", "'\\''")
    say(f"\nconsole: http://127.0.0.1:{port}/console\nask a feature:")
    say(
        f"  curl -s http://127.0.0.1:{port}/v1/features/{feature} -H 'Content-Type: application/json' -d '{text}'"
    )
    say("interrupt to stop")
    run(shown.workspace, MARKET, "127.0.0.1", port)
