"""The program: its verbs, and how it fails."""

import gc
import sys

import click

from pratique import __version__
from pratique.cli import (
    backup,
    banks,
    brief,
    catalogue,
    demo,
    evidence,
    filing,
    label,
    ledger,
    measure,
    partners,
    people,
    rate,
    rehearse,
    replay,
    rollout,
    screen,
    selecting,
    service,
    support,
    trials,
    watch,
    workspace,
)
from pratique.cli.output import guarded


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="pratique")
def program() -> None:
    """Take AI features into a market on that market's own models.

    Test candidates, select who serves, file, enter the approval, roll out, serve: nothing is on
    that was not approved exactly as it runs.
    """


for command in (
    demo.demo,
    workspace.init,
    workspace.status,
    workspace.verify,
    catalogue.feature,
    partners.partner,
    catalogue.standard,
    measure.assess,
    selecting.select,
    replay.replay,
    evidence.evidence,
    brief.brief,
    brief.progress,
    filing.file,
    filing.approve,
    filing.carry_over,
    filing.diff,
    banks.bank,
    rate.rate,
    support.support,
    rehearse.rehearse,
    rollout.rollout,
    screen.screen,
    label.label,
    ledger.ledger,
    service.serve,
    watch.watch,
    people.people,
    backup.backup,
    backup.restore,
):
    program.add_command(command)
for command in trials.COMMANDS:
    banks.bank.add_command(command)


def main() -> None:
    """Run the program; exit 0 done, 1 a refusal of ours or a bar not met, 2 wrong usage."""
    # A start makes much that stays: to look for garbage in it over and over took a fifth of it.
    gc.set_threshold(50_000, 20, 20)
    guarded(_run)


def _run() -> None:
    try:
        # Click hands the code of its own `Exit` back as a value here.
        code = program(standalone_mode=False)
        if isinstance(code, int):
            sys.exit(code)
    except click.exceptions.Abort:
        click.echo("stopped; what was kept stays, and the next run goes on from there", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
