"""The bench: judges at work in a run, within its budget, each word kept as it is spoken."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from pratique.evals.budget import Budget, Meter, Tariff, Unaffordable
from pratique.evals.judges.cascade import Cascade
from pratique.evals.judges.judging import Judgement, PairJudge, RubricJudge, revision_of
from pratique.evals.judges.kept import judgement_id, keep_judgement, kept_judgement
from pratique.evals.judges.panel import Panel, language_of
from pratique.evals.judges.prompts import read_prompt
from pratique.evals.judges.rubrics import Language, Rubric
from pratique.evals.outcomes import Result
from pratique.evals.ratings.drawing import answer_text, request_text
from pratique.evals.reach import require_admitted
from pratique.evals.scorers import Score
from pratique.evals.settlements import Settlement, Settler, keep_settlement
from pratique.evals.suites import Sample
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Model
from pratique.store.database import Database


class Bench:
    """Settles answers by panels of judges; no kept judgement is asked for again."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        models: Mapping[str, Model],
        tariffs: Mapping[str, Tariff],
        budget: Budget,
        deadline: float,
    ) -> None:
        """Judge by *models*, by name, whose calls come to *tariffs*, within *budget*.

        With no models only what was kept is used: what it leaves open waits.
        """
        self._database, self._clock = database, clock
        self._models, self._tariffs, self._budget = models, tariffs, budget
        self._deadline = deadline
        self._turns = {name: asyncio.Semaphore(one.concurrency) for name, one in models.items()}

    async def settle(
        self, panel: Panel, locale: str, run_id: str, sample: Sample, result: Result
    ) -> Settlement | None:
        """Return what the judges of *panel* find of *result*, and keep it.

        None where the budget has no room for them: the answer waits, and a later run goes on.
        """
        language = language_of(locale)
        cheap = _Seat(self, panel.cheap, panel.rubric, language)
        strong = None if panel.strong is None else _Seat(self, panel.strong, panel.rubric, language)
        check = Score(met=result.met, share=result.share, why=result.why)
        try:
            found = await Cascade(cheap, strong).settle(
                request_text(sample.input), answer_text(result), check
            )
        except Unaffordable:
            return None
        score = found.score
        seats = {"cheap": cheap, "strong": strong}
        tier: Settler = "cheap" if found.tier == "cheap" else "strong"
        settled = Settlement(
            position=result.position,
            tier="open" if found.tier == "person" else tier,
            met=None if score is None else score.met,
            share=None if score is None else score.share,
            why=found.why or (score.why if score is not None and not score.met else ""),
            judgements=tuple(
                (name, seat.asked)
                for name, _ in found.judgements
                if (seat := seats.get(name)) is not None
            ),
        )
        await asyncio.to_thread(self._keep, run_id, settled)
        return settled

    async def judged(
        self, candidate: Candidate, rubric: Rubric, language: Language, words: tuple[str, str]
    ) -> tuple[str, Judgement]:
        """Return the word of *candidate* on *words*, a request and an answer, with its name.

        Raises:
            Unaffordable: it was not asked for yet, and the budget has no room for it.
        """
        revision = revision_of(read_prompt("rubric"), rubric)
        snapshot = f"{candidate.name}@{candidate.model.snapshot}"
        name = judgement_id([snapshot, revision, language, *words])

        async def ask(model: Model) -> Judgement:
            return await RubricJudge(model, rubric, language, deadline=self._deadline).judge(*words)

        return name, await self._recalled(candidate.name, name, ask)

    async def preferred(
        self,
        candidate: Candidate,
        rubric: Rubric,
        locale: str,
        seed: int,
        sample: str,
        words: tuple[str, str, str],
    ) -> Judgement | None:
        """Return whether *candidate* prefers the first of two answers; None without room for it.

        words: the request, the answer that is asked about, and the one that it is held against.
        """
        language = language_of(locale)
        revision = revision_of(read_prompt("pairwise"), rubric)
        snapshot = f"{candidate.name}@{candidate.model.snapshot}"
        name = judgement_id([snapshot, revision, language, seed, sample, *words])

        async def ask(model: Model) -> Judgement:
            judge = PairJudge(model, rubric, language, seed=seed, deadline=self._deadline)
            return await judge.judge(sample, *words)

        try:
            return await self._recalled(candidate.name, name, ask)
        except Unaffordable:
            return None

    async def _recalled(
        self, judge: str, name: str, ask: Callable[[Model], Awaitable[Judgement]]
    ) -> Judgement:
        """Return the judgement called *name*: the kept one, else by asking *judge* within the budget."""
        kept = await asyncio.to_thread(self._kept, name)
        if kept is not None:
            return kept
        model = self._models.get(judge)
        if model is None:
            raise Unaffordable
        async with self._turns[judge]:
            tariff = self._tariffs.get(judge, Tariff())
            meter = Meter(model, tariff, self._budget, repairs=False)
            try:
                found = await ask(meter)
            finally:
                meter.settle()
        # Our key and our quota are no word of the judge: nothing is kept of them.
        require_admitted(judge, meter.last)
        await asyncio.to_thread(self._keep_judgement, name, found)
        return found

    def _kept(self, name: str) -> Judgement | None:
        with self._database.connect() as connection:
            return kept_judgement(connection, name)

    def _keep_judgement(self, name: str, one: Judgement) -> None:
        with self._database.begin() as connection:
            keep_judgement(connection, name, one, self._clock())

    def _keep(self, run_id: str, one: Settlement) -> None:
        with self._database.begin() as connection:
            keep_settlement(connection, run_id, one, self._clock())


class _Seat:
    """One judge of a cascade; remembers under which name its word is kept."""

    def __init__(
        self, bench: Bench, candidate: Candidate, rubric: Rubric, language: Language
    ) -> None:
        self._bench, self._candidate = bench, candidate
        self._rubric, self._language = rubric, language
        self.asked = ""

    async def judge(self, request: str, answer: str) -> Judgement:
        """Return what the judge says of *answer* to *request*."""
        self.asked, found = await self._bench.judged(
            self._candidate, self._rubric, self._language, (request, answer)
        )
        return found
