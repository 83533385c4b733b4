"""The pages of ratings: blind sheets that a person has been given, filled in at the console."""

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from pratique.errors import Malformed
from pratique.evals.ratings.batches import Batch
from pratique.evals.ratings.marking import KIND, Desk, desk_of, mark
from pratique.evals.ratings.standing import Standing, standing_of
from pratique.evals.ratings.table import batch_called, batches_kept, ratings_of
from pratique.web.console.pages import onward, page
from pratique.web.console.visits import Fields, Here

PER_PAGE = 10
"""Rows of a sheet on one page."""


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """A batch in the list."""

    batch: Batch
    """The batch."""
    standing: Standing
    """What is known of it."""
    rates: bool
    """Whether who is there is one of its raters."""


@get("/ratings", sync_to_thread=True)
def ratings(visit: Here) -> Response[str]:
    """List the batches: those that wait for who is there first."""
    with visit.service.opened.database.connect() as connection:
        kept = batches_kept(connection)
        found = [
            Mine(
                batch=one,
                standing=standing_of(one, ratings_of(connection, one.id)),
                rates=visit.account.name in one.raters,
            )
            for one in kept
            if one.kind != KIND
        ]
        marks = sum(len(ratings_of(connection, one.id)) for one in kept if one.kind == KIND)
    found.sort(key=lambda one: not one.rates)
    return page(visit, "ratings.html", found=found, marks=marks)


@get("/ratings/{name:str}", sync_to_thread=True)
def sheet(
    visit: Here, name: FromPath[str], at: FromQuery[int] = 1, done: FromQuery[str] = ""
) -> Response[str]:
    """Show one's own sheet: neither whose answers they are nor what others gave."""
    visit.require("reviewer")
    with visit.service.opened.database.connect() as connection:
        batch = batch_called(connection, name)
        desk: Desk = desk_of(connection, batch, visit.account.name)
    rows = desk.sheet.rows
    number = max(1, min(at, -(-len(rows) // PER_PAGE)))
    return page(
        visit,
        "sheet.html",
        batch=batch,
        desk=desk,
        rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE],
        at=number,
        pages=-(-len(rows) // PER_PAGE),
        done=done,
    )


@post("/ratings/{name:str}", status_code=303, sync_to_thread=True)
def rate(visit: Here, fields: Fields, name: FromPath[str]) -> Redirect:
    """Keep what a rater gives for one row. It stays as it was given."""
    visit.require("reviewer")
    code = fields.get("code", "")
    with visit.service.opened.database.begin() as connection:
        batch = batch_called(connection, name)
        item = batch.codes.get(code)
        if item is None or not fields.get("value", "").isdecimal():
            raise Malformed("a rating needs a row and a grade", hint="choose one of the grades")
        mark(
            connection,
            batch,
            item.id,
            visit.account.name,
            int(fields["value"]),
            fields.get("note", "").strip(),
            visit.service.opened.clock(),
        )
    return onward(f"/console/ratings/{name}", done="rated", at=fields.get("at", ""))
