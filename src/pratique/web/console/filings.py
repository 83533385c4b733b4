"""The pages of filings: what the market asks for, what answers it, and what only people can do."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from pratique.errors import Malformed, NotFound, Tampered
from pratique.filing.approvals import Kept, read_approvals
from pratique.filing.approving import enter_approval
from pratique.filing.banks.checking import BankCheck, Place
from pratique.filing.duties import Duty
from pratique.filing.file import file_selection
from pratique.filing.filings import Filing, get_filing, list_filings
from pratique.filing.manifest import verify_pack
from pratique.filing.pack import read_duties
from pratique.people.sessions import require_csrf
from pratique.regimes.regime import load_regime
from pratique.web.console.pages import onward, page
from pratique.web.console.partners import download
from pratique.web.console.visits import Fields, Here, Visit
from pratique.web.problems import Asked

MOST_FILES = 2_000
"""Files of a pack that a download may hold."""


class _Banks(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack says of the banks."""

    banks: tuple[BankCheck, ...]
    """Each bank that the regime asks for."""


class Heat(msgspec.Struct, frozen=True, kw_only=True):
    """One risk of the market's list, and what covers it."""

    code: str
    """Code of the risk."""
    title: str
    """What it is called, in the reader's language."""
    cells: Sequence[tuple[str, Place]]
    """By bank, how it is covered there; none where the pack says nothing of banks."""

    @property
    def state(self) -> str:
        """The worst of its states; empty where nothing is known."""
        states = {place.state for _, place in self.cells if place.needs}
        return next((one for one in ("open", "short", "met") if one in states), "")


@get("/filings", sync_to_thread=True)
def filings(visit: Here, done: FromQuery[str] = "") -> Response[str]:
    """List the filings of this market."""
    with visit.service.opened.database.connect() as connection:
        found = list(reversed(list_filings(connection, visit.market)))
        approvals = _approvals(visit, connection)
    return page(
        visit,
        "filings.html",
        found=found,
        approvals=approvals,
        done=done,
        now=visit.service.opened.clock(),
    )


@post("/filings/new", status_code=303, sync_to_thread=True)
def new_filing(visit: Here, fields: Fields) -> Redirect:
    """Freeze what is selected and build its pack: a draft, unless it is asked to be complete."""
    visit.require("operator")
    made = file_selection(visit.opened, visit.market, draft=fields.get("complete", "") != "1")
    return onward(f"/console/filing/{made.id}", done="filed")


@get("/filing/{name:str}", sync_to_thread=True)
def filing(visit: Here, name: FromPath[str], done: FromQuery[str] = "") -> Response[str]:
    """Show one filing, its pack verified as it is now."""
    opened = visit.service.opened
    found, folder = _filing(visit, name)
    faults = verify_pack(folder, opened.verifies)
    sound = not faults and (folder / "duties.json").is_file()  # packs of earlier versions have none
    duties: Sequence[Duty] = read_duties(folder) if sound else ()
    with opened.database.connect() as connection:
        approvals = _approvals(visit, connection)
    kinds = list(dict.fromkeys(one.kind for one in duties))
    return page(
        visit,
        "filing.html",
        filing=found,
        faults=faults,
        groups=[(kind, [one for one in duties if one.kind == kind]) for kind in kinds],
        people=[one for one in duties if one.who == "people" and one.blocks],
        states={
            state: sum(one.state == state for one in duties if one.kind == "report")
            for state in ("met", "not_met", "not_applicable", "open")
        },
        # Of a pack that was changed nothing is believed.
        risks=_risks(visit, found, None if faults else folder / "banks.json"),
        approvals=[one for one in approvals if one.approval and one.approval.filing == found.id],
        today=opened.clock().date(),
        now=opened.clock(),
        done=done,
    )


@post("/filing/{name:str}/download", status_code=200, sync_to_thread=True)
def download_pack(visit: Here, fields: Fields, name: FromPath[str]) -> Response[bytes]:  # noqa: ARG001
    """Download the pack, if it is as it was written."""
    found, folder = _filing(visit, name)
    faults = verify_pack(folder, visit.service.opened.verifies)
    if faults:
        raise Tampered(f"the pack of `{found.id}` was changed: {faults[0]}", hint="file anew")
    data = io.BytesIO()
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths[:MOST_FILES]:
            archive.write(path, f"{found.id}/{path.relative_to(folder).as_posix()}")
    return download(data.getvalue(), f"{found.id}.zip")


@post("/filing/{name:str}/approve", status_code=303)
async def approve(request: Asked, visit: Here, name: FromPath[str]) -> Redirect:
    """Enter the regulator's answer; the document's hash is kept, the document is not."""
    form = await request.form()
    require_csrf(visit.session, str(form.get("csrf", "")))
    visit.require("operator")
    document = form.get("document")
    data = await document.read() if isinstance(document, UploadFile) else b""
    if not data:
        raise Malformed("an answer needs its document", hint="choose the file that carries it")
    await sync_to_thread(
        enter_approval,
        visit.opened,
        name,
        number=str(form.get("number", ""))[:200],
        issued=_day(str(form.get("issued", ""))),
        expires=_day(str(form.get("expires", ""))),
        document_sha256=hashlib.sha256(data).hexdigest(),
    )
    return onward(f"/console/filing/{name}", done="approved")


def _filing(visit: Visit, name: str) -> tuple[Filing, Path]:
    with visit.service.opened.database.connect() as connection:
        found = get_filing(connection, name)
    if found.market != visit.market:
        raise NotFound(f"filing `{name[:60]}` is of another market")
    return found, visit.service.opened.workspace.folder / found.pack


def _approvals(visit: Visit, connection: Connection) -> Sequence[Kept]:
    rules = visit.service.rules
    return read_approvals(connection, rules.verifies, rules.workspace)


def _risks(visit: Visit, found: Filing, path: Path | None) -> list[tuple[str, list[Heat]]]:
    """Return the market's risks by class, each with its coverage as the pack says it."""
    risks, zh = load_regime(found.regime).risks, visit.words.language == "zh"
    known = path is not None and path.is_file()
    banks = msgspec.json.decode(path.read_bytes(), type=_Banks).banks if path and known else ()
    return [
        (
            f"{one.code} {one.title.zh if zh else one.title.en}",
            [
                Heat(
                    code=risk.code,
                    title=risk.title.zh if zh else risk.title.en,
                    cells=[
                        (bank.title.zh if zh else bank.title.en, place)
                        for bank in banks
                        for place in bank.places
                        if place.code == risk.code
                    ],
                )
                for risk in risks.of(one.code)
            ],
        )
        for one in risks.classes
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(f"`{text[:20]}` is no day", hint="write it as 2026-11-02") from None
