"""Drawing: which answers of a run, or of two runs side by side, people are to rate."""

import random
from collections.abc import Mapping, Sequence

import msgspec

from pratique.errors import NotAllowed
from pratique.evals.judges.rubrics import Language, Rubric
from pratique.evals.outcomes import Result
from pratique.evals.ratings.batches import Batch, Item, require_sound_batch
from pratique.evals.ratings.sheets import Grade, SheetLanguage
from pratique.evals.statistics.orders import shown_first
from pratique.evals.suites import Sample


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """A run's results, as they are drawn from."""

    run: str
    """The run."""
    candidate: str
    """`partner/model` of it."""
    results: Sequence[Result]
    """What became of its samples."""

    @property
    def by_sample(self) -> Mapping[str, Result]:
        """The results by sample."""
        return {one.sample_id: one for one in self.results}


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the raters of runs must not know."""

    run: str
    """The run."""
    candidate: str
    """Who answered it."""
    against: str | None
    """The other run; None where one run is rated alone."""
    other: str | None
    """Who answered that."""
    drawn: tuple[str, ...]
    """Samples in the order of drawing; those without an answer are in no sheet."""
    fixed: Mapping[str, float]
    """Share, from 0 to 1, of each sample that nobody need rate, since an answer is missing."""
    rubric: str
    """Rubric with its revision."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How people are asked."""

    rubric: Rubric
    """What is asked."""
    language: SheetLanguage
    """Language of the sheets' own words."""
    words: Language
    """Language of the rubric's words (see `words_of`)."""
    raters: tuple[str, ...]
    """Who rates."""
    samples: int
    """Samples to draw, at most."""
    seed: int
    """Seed of the drawing and of every order."""


_HEADINGS: Mapping[SheetLanguage, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (("Request", "Answer"), ("Request", "First answer", "Second answer")),
    "zh": (("请求", "回答"), ("请求", "第一个回答", "第二个回答")),
}


def batch_of_run(own: Answers, samples: Mapping[str, Sample], asked: Asked) -> Batch:
    """Return a batch of the answers of one run.

    Samples are drawn from all that the run has an outcome of. One without an answer is on no
    sheet and has a share of 0: a refusal is never left out of the count.

    Raises:
        NotAllowed: nothing that was drawn has an answer.
        Malformed: raters stand twice, or there are fewer than two.
    """
    results = own.by_sample
    drawn = _drawn(sorted(results), asked, own.run)
    fixed = {name: 0.0 for name in drawn if results[name].output is None}
    items = tuple(
        Item(id=name, texts=(request_text(samples[name].input), answer_text(results[name])))
        for name in drawn
        if name not in fixed
    )
    return _batch("run", own, None, items, drawn, fixed, asked)


def batch_of_waiting(own: Answers, samples: Mapping[str, Sample], asked: Asked) -> Batch:
    """Return a batch of the answers of one run that judges left for people.

    They are no draw from all, so that nothing is inferred from them: each settles itself.

    Raises:
        NotAllowed: none waits.
        Malformed: raters stand twice, or there are fewer than two.
    """
    waiting = [one for one in own.results if one.waits]
    if not waiting:
        raise NotAllowed(
            f"no answer of `{own.run}` waits for people",
            hint="`pratique assess` says how many its judges left open",
        )
    results = {one.sample_id: one for one in waiting}
    drawn = _drawn(sorted(results), asked, own.run)
    items = tuple(
        Item(id=name, texts=(request_text(samples[name].input), answer_text(results[name])))
        for name in drawn
    )
    return _batch("waiting", own, None, items, drawn, {}, asked)


def batch_of_pair(
    own: Answers, other: Answers, samples: Mapping[str, Sample], asked: Asked
) -> Batch:
    """Return a batch of two runs' answers side by side, the order of each pair drawn by lot.

    Samples are drawn from those that both runs have an outcome of. Where one has no answer the
    other one is better, where both have none neither is: nobody is asked.

    Raises: as `batch_of_run`.
    """
    ours, theirs = own.by_sample, other.by_sample
    drawn = _drawn(sorted(ours.keys() & theirs.keys()), asked, f"{own.run}/{other.run}")
    fixed = {
        name: 0.5 + 0.5 * ((theirs[name].output is None) - (ours[name].output is None))
        for name in drawn
        if ours[name].output is None or theirs[name].output is None
    }
    items = []
    for name in drawn:
        if name in fixed:
            continue
        first = shown_first(asked.seed, name)
        answers = (answer_text(ours[name]), answer_text(theirs[name]))
        texts = (request_text(samples[name].input), *(answers if first else answers[::-1]))
        items.append(Item(id=name, texts=texts, sealed={"a_first": first}))
    return _batch("pair", own, other, tuple(items), drawn, fixed, asked)


def key_of(batch: Batch) -> Key:
    """Return the key of a batch of runs."""
    return msgspec.convert(batch.sealed, Key)


def words_of(language: SheetLanguage, locale: str) -> Language:
    """Return the language of a rubric's words on a sheet for answers in *locale*."""
    if language == "en":
        return "en"
    return "zh-Hant" if locale == "zh-Hant" else "zh-Hans"


def request_text(fields: Mapping[str, object]) -> str:
    """Return a request as a rater reads it; a picture is named, not shown."""
    return "\n".join(f"{name}: {_plain(value)}" for name, value in fields.items())


def answer_text(result: Result) -> str:
    """Return an answer as a rater reads it: its one text, or its fields in the store's order."""
    output = dict(sorted((result.output or {}).items()))
    if len(output) == 1:
        return _plain(next(iter(output.values())))
    return request_text(output)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and "data" in value and "media_type" in value:
        return "(picture)"
    return msgspec.json.encode(value, order="sorted").decode()


def _drawn(names: list[str], asked: Asked, what: str) -> tuple[str, ...]:
    random.Random(f"{asked.seed}/{what}").shuffle(names)  # noqa: S311  (drawing, not secrecy)
    return tuple(names[: asked.samples])


def _batch(
    kind: str,
    own: Answers,
    other: Answers | None,
    items: tuple[Item, ...],
    drawn: tuple[str, ...],
    fixed: Mapping[str, float],
    asked: Asked,
) -> Batch:
    if not items:
        raise NotAllowed(
            f"none of the {len(drawn)} samples drawn of `{own.run}` can be rated",
            hint="a sample is rated where it has an answer: assess first, or draw more --samples",
        )
    language = asked.language
    key = Key(
        run=own.run,
        candidate=own.candidate,
        against=other.run if other else None,
        other=other.candidate if other else None,
        drawn=drawn,
        fixed=fixed,
        rubric=f"{asked.rubric.id}@{asked.rubric.revision}",
    )
    sealed: Mapping[str, object] = msgspec.to_builtins(key)
    batch = Batch(
        kind=kind,
        language=language,
        question=asked.rubric.question.to(asked.words),
        grades=tuple(Grade(value=g.value, says=g.to(asked.words)) for g in asked.rubric.grades),
        headings=_HEADINGS[language][other is not None],
        items=items,
        raters=asked.raters,
        seed=asked.seed,
        sealed=sealed,
    )
    require_sound_batch(batch)
    return batch
