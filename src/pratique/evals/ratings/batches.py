"""Batches: items that raters are to rate, and the sheets that come of them."""

import random
from collections.abc import Mapping, Sequence

import msgspec

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.evals.ratings.sheets import Grade, Row, Sheet, SheetLanguage, require_rater
from pratique.store.canonical import canonical, digest


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to be rated."""

    id: str
    """Name, for whoever made the batch; no rater sees it."""
    texts: tuple[str, ...]
    """What is shown, one text a heading."""
    sealed: Mapping[str, object] = {}
    """What the rater must not know, such as who wrote it; it stays in the store."""


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Items, raters and what is asked of them."""

    kind: str
    """What the items are, for whoever made the batch, such as `run` or `pair`."""
    language: SheetLanguage
    """Of the sheets' own words."""
    question: str
    """What is asked of each item."""
    grades: tuple[Grade, ...]
    """What may be answered, worst first."""
    headings: tuple[str, ...]
    """Headings of the items' texts."""
    items: tuple[Item, ...]
    """What is rated."""
    raters: tuple[str, ...]
    """Who rates; each one rates every item."""
    seed: int
    """Seed of the order of the rows, which differs from rater to rater."""
    sealed: Mapping[str, object] = {}
    """What the raters must not know of the batch as a whole."""

    @property
    def id(self) -> str:
        """Name of the batch, derived from all of the above."""
        return "rate-" + digest(canonical(self)).removeprefix("sha256:")[:12]

    @property
    def codes(self) -> Mapping[str, Item]:
        """The items by their codes, which are numbers dealt out at random."""
        order = list(self.items)
        _lot(self.seed, self.id).shuffle(order)
        return {str(number): item for number, item in enumerate(order, 1)}


def require_sound_batch(batch: Batch) -> None:
    """Refuse a batch that cannot be rated.

    Raises:
        Malformed: raters, items or grades stand twice, or there are too few.
    """
    for rater in batch.raters:
        require_rater(rater)
    values = [grade.value for grade in batch.grades]
    for what, names, least in (
        ("rater", batch.raters, 2),
        ("item", [item.id for item in batch.items], 1),
        ("grade", values, 2),
    ):
        if len(set(names)) < len(names):
            raise Malformed(f"a {what} stands twice", hint=f"name each {what} once")
        if len(names) < least:
            raise Malformed(f"{len(names)} {what}s, fewer than {least}", hint=f"add a {what}")


def sheet_for(batch: Batch, rater: str) -> Sheet:
    """Return the sheet of *rater*, the rows in an order of their own.

    Raises:
        NotFound: the batch has no such rater.
    """
    if rater not in batch.raters:
        raise NotFound(
            f"`{batch.id}` has no rater `{rater}`", hint=f"raters: {', '.join(batch.raters)}"
        )
    rows = [Row(code=code, texts=item.texts) for code, item in batch.codes.items()]
    _lot(batch.seed, f"{batch.id}/{rater}").shuffle(rows)
    return _sheet(batch, f"{batch.id}/{rater}", batch.headings, rows)


def adjudication_sheet(batch: Batch, by: str, ratings: Mapping[str, Mapping[str, int]]) -> Sheet:
    """Return the sheet on which *by* decides where raters differ; *ratings* by item and rater.

    It shows what was given, and not by whom.

    Raises:
        NotAllowed: *by* is one of the raters, or nothing is left to decide.
    """
    require_rater(by)
    if by in batch.raters:
        raise NotAllowed(
            f"`{by}` is a rater of `{batch.id}`",
            hint="let somebody else decide where raters differ",
        )
    disputed = disputed_items(ratings)
    heading = {"en": "Given", "zh": "已给评分"}[batch.language]
    rows = [
        Row(code=code, texts=(*item.texts, " / ".join(map(str, sorted(ratings[item.id].values())))))
        for code, item in batch.codes.items()
        if item.id in disputed
    ]
    if not rows:
        raise NotAllowed(
            f"nothing is disputed in `{batch.id}`", hint="`pratique rate status` shows the ratings"
        )
    return _sheet(batch, f"{batch.id}/decides/{by}", (*batch.headings, heading), rows)


def disputed_items(ratings: Mapping[str, Mapping[str, int]]) -> set[str]:
    """Return the items whose ratings differ."""
    return {item for item, given in ratings.items() if len(set(given.values())) > 1}


def _sheet(batch: Batch, name: str, headings: tuple[str, ...], rows: Sequence[Row]) -> Sheet:
    return Sheet(
        id=name,
        language=batch.language,
        question=batch.question,
        grades=batch.grades,
        headings=headings,
        rows=tuple(rows),
    )


def _lot(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}/{name}")  # noqa: S311  (drawing, not secrecy)
