"""Trends: what a run's outcomes come to by the field's own metrics. For a trend, never for a verdict.

They are counted over the samples that were drawn, which a sequential run stops early: figures of
two candidates compare only where both drew the whole suite.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from pratique.evals.cells import Cell
from pratique.evals.metrics.classes import class_scores, detection
from pratique.evals.metrics.edits import edit_score
from pratique.evals.metrics.figures import Figure
from pratique.evals.metrics.overcorrection import over_correction
from pratique.evals.metrics.overlap import rouge_l
from pratique.evals.metrics.rates import answered_rate, over_refusal
from pratique.evals.metrics.translation import corpus_bleu, corpus_chrf
from pratique.evals.outcomes import Result
from pratique.evals.suites import Sample

Drawn = Sequence[tuple[Sample, Result]]
"""Samples with what became of each."""


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of a run."""

    name: str
    """Name of the metric."""
    figure: Figure
    """Its value, with what it was counted over."""
    how: str = ""
    """How it was computed, where that has a signature."""


def trends(cell: Cell) -> tuple[Trend, ...]:
    """Return every metric that the drawn samples of *cell* allow; none before the first."""
    drawn = [(cell.order[n], result) for n, result in sorted(cell.results.items())]
    if not drawn:
        return ()
    locale = cell.variant.locale
    special = _OF_SCORER.get(cell.suite.file.scorer, _nothing)
    return (*_rates(drawn), *special(drawn, locale), *_overlap(drawn, locale))


def _rates(drawn: Drawn) -> Iterator[Trend]:
    outcomes = [result.outcome for _, result in drawn]
    yield Trend(name="answered rate", figure=answered_rate(outcomes))
    # No sample of these suites wants a refusal: a stack that is better not summed up is answered.
    yield Trend(name="over-refusal", figure=over_refusal(outcomes))


def _edits(drawn: Drawn, locale: str) -> Iterator[Trend]:
    samples = [
        (str(sample.input["text"]), _written(result, "corrected"), sample.target.accept)
        for sample, result in drawn
    ]
    found = edit_score(
        [(text, after if after is not None else text, accept) for text, after, accept in samples],
        _unit(locale),
    )
    unit = "characters" if _unit(locale) == "character" else "words"
    yield Trend(name="edit precision", figure=found.precision, how=unit)
    yield Trend(name="edit recall", figure=found.recall, how=unit)
    yield Trend(name="edit F0.5", figure=found.f, how=unit)
    clean = [
        (text, after if after is not None else text)
        for text, after, accept in samples
        if text in accept
    ]
    if clean:
        yield Trend(name="over-correction", figure=over_correction(clean))


def _classes(drawn: Drawn, _locale: str) -> Iterator[Trend]:
    said = [
        (bool(sample.target.urgent), None if one.output is None else bool(one.output["urgent"]))
        for sample, one in drawn
    ]
    if len({wanted for wanted, _ in said}) < 2:
        return  # a class without a sample has neither recall nor F1
    named = [
        (str(wanted).lower(), None if given is None else str(given).lower())
        for wanted, given in said
    ]
    yield Trend(name="macro-F1", figure=class_scores(named, ("true", "false")).macro_f1)
    found = detection(said)
    yield Trend(name="recall of urgent", figure=found.recall)
    yield Trend(name="false-positive rate", figure=found.false_positive_rate)


def _translation(drawn: Drawn, locale: str) -> Iterator[Trend]:
    pairs = [(_written(one, "text") or "", sample.target.accept) for sample, one in drawn]
    for name, score in (
        ("chrF2++", corpus_chrf(pairs)),
        ("BLEU", corpus_bleu(pairs, "zh" if locale.startswith("zh") else "en")),
    ):
        yield Trend(name=name, figure=score.score, how=score.signature)


def _overlap(drawn: Drawn, locale: str) -> Iterator[Trend]:
    """Yield ROUGE-L of summaries, where every sample has references."""
    pairs = [(_written(one, "summary") or "", sample.target.accept) for sample, one in drawn]
    if "summary" in _fields(drawn) and all(accept for _, accept in pairs):
        yield Trend(name="ROUGE-L", figure=rouge_l(pairs, _unit(locale)))


def _nothing(_drawn: Drawn, _locale: str) -> Iterator[Trend]:
    return iter(())


_OF_SCORER: Mapping[str, Callable[[Drawn, str], Iterator[Trend]]] = {
    "accepted": _edits,
    "urgency": _classes,
    "translated": _translation,
}


def _fields(drawn: Drawn) -> set[str]:
    return {name for _, result in drawn if result.output is not None for name in result.output}


def _written(result: Result, field: str) -> str | None:
    value = None if result.output is None else result.output.get(field)
    return value if isinstance(value, str) else None


def _unit(locale: str) -> Literal["character", "word"]:
    return "character" if locale.startswith("zh") else "word"
