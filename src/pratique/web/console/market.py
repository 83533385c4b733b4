"""The market page: the road of each feature, what blocks it and what is due."""

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from pratique.assessment.choose import choose
from pratique.filing.clocks import clocks
from pratique.rollout.packs import duties
from pratique.web.console.pages import onward, page
from pratique.web.console.roadmap import ways
from pratique.web.console.visits import Fields, Here

PER_PAGE = 40
"""Roads on one page."""


@get("/", sync_to_thread=True)
def market(
    visit: Here,
    feature: FromQuery[str] = "",
    at: FromQuery[int] = 1,
    done: FromQuery[str] = "",
) -> Response[str]:
    """Show how far each feature has come."""
    found = ways(visit.service)
    wanted = [one for one in found if feature in ("", one.feature)]
    opened = visit.service.opened
    with opened.database.connect() as connection:
        settings = opened.workspace.market(visit.market)
        screening = duties(connection, settings, opened.verifies, opened.clock())
    number = max(1, min(at, -(-len(wanted) // PER_PAGE)))
    return page(
        visit,
        "market.html",
        ways=wanted[(number - 1) * PER_PAGE : number * PER_PAGE],
        on=sum(one.blocked is None for one in found),
        total=len(found),
        due=clocks(opened, visit.market),
        screening=screening,
        feature=feature,
        at=number,
        pages=-(-len(wanted) // PER_PAGE),
        done=done,
    )


@post("/select", status_code=303, sync_to_thread=True)
def select(visit: Here, fields: Fields) -> Redirect:  # noqa: ARG001  (the form is checked)
    """Decide who serves, by what the market's file says."""
    visit.require("operator")
    choose(visit.opened, visit.market)
    return onward("/console", done="selected")
