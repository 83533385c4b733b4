"""Secrets that a person types: never an argument, which other processes and the shell's history see."""

import sys

import click


def typed(what: str, *, stdin: bool, new: bool) -> str:
    """Return a secret: from the standard input's first line, else typed unseen, twice if it is *new*.

    Raises:
        click.UsageError: there is neither a line nor a terminal.
    """
    if stdin:
        given = sys.stdin.readline(10_000).rstrip("\r\n")
        if not given:
            raise click.UsageError(f"the standard input holds no {what}")
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"there is no terminal to type the {what}; pass it with `--stdin`")
    answer: str = click.prompt(
        what.capitalize(), hide_input=True, confirmation_prompt=new, err=True
    )
    return answer
