"""Scorers of data sets: verifiable instructions, and nearness to what people wrote."""

from pratique.evals.instructions import lack, unmet
from pratique.evals.metrics.overlap import rouge_l
from pratique.evals.metrics.tokens import Unit
from pratique.evals.scorers.target import Fields, Score, Target
from pratique.features.checks.case import texts_in
from pratique.text.scripts import mostly_chinese

LEAST_OVERLAP = {"summary": 0.3, "replies": 0.4, "text": 0.35}
"""ROUGE-L with the nearest reference below which an answer is about something else, by the field
that holds it. A floor: of the references of other rows at most one in twenty gets there, except
where people all say the same (thanks, yes). Above it the share is a trend, no verdict."""


def followed(target: Target, _request: Fields, output: Fields) -> Score:
    """Every instruction is followed by the text as it stands (IFEval's strict, prompt by prompt)."""
    return _followed(target, output, loose=False)


def followed_loosely(target: Target, _request: Fields, output: Fields) -> Score:
    """As `followed`, but a first or last line and asterisks that were not asked for are forgiven."""
    return _followed(target, output, loose=True)


def resembles(target: Target, request: Fields, output: Fields) -> Score:
    """The answer, or the best one of several, is not far from every reference by ROUGE-L.

    A text that was to be rewritten must have been changed.
    """
    field = next((name for name in LEAST_OVERLAP if name in output), "")
    written = texts_in(output.get(field))
    if field == "text" and str(output["text"]).split() == str(request.get("text")).split():
        return Score(met=False, share=0.0, why="the text was not changed")
    unit: Unit = "character" if mostly_chinese(target.accept[0]) else "word"
    nearest = max((rouge_l([(one, target.accept)], unit).value for one in written), default=0.0)
    met = bool(field) and nearest >= LEAST_OVERLAP[field]
    return Score(met=met, share=nearest, why="" if met else "far from every reference")


def _followed(target: Target, output: Fields, *, loose: bool) -> Score:
    answer = output.get("text")
    missed = unmet(target.instructions, answer if isinstance(answer, str) else "", loose=loose)
    share = 1 - len(missed) / len(target.instructions)
    return Score(met=not missed, share=share, why="; ".join(f"not `{one}`" for one in missed))


def lacks_instructions(target: Target) -> str:
    """Say what *target* lacks for `instructions`, or an empty string."""
    if not target.instructions:
        return "`instructions` must hold some"
    return next((found for found in map(lack, target.instructions) if found), "")


def lacks_words(target: Target) -> str:
    """Say what *target* lacks for `resembles`, or an empty string."""
    if not target.accept:
        return "`accept` must hold texts"
    wordless = [text for text in target.accept if not any(map(str.isalnum, text))]
    return f"a reference has no word: `{wordless[0]}`" if wordless else ""
