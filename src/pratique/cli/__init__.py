"""The command line: one verb a step."""

from pratique.cli.main import main

__all__ = ["main"]
