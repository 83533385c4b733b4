"""The regulator's public list of filed models: a dated copy that the operator supplies.

Files `public-lists/MARKET-YYYY-MM-DD.csv` of the workspace, in UTF-8, with the columns `name`, `number`
and `state` (`listed` or `cancelled`); others are ignored. The newest one counts.
"""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.serving.variant import RoleModel
from pratique.settings.workspace import Market, PartnerFiling, Workspace

FOLDER = "public-lists"
"""Folder of the workspace in which the lists are."""

MAX_BYTES = 20_000_000
"""A larger file is refused: the whole list has some thousands of lines."""

_NAME = re.compile(r"(?P<market>[A-Z]{2})-(?P<day>\d{4}-\d{2}-\d{2})\.csv")
_COLUMNS = ("name", "number", "state")


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list."""

    name: str
    """Name of the model."""
    listed: bool
    """Whether it stands; else it was cancelled."""


class PublicList(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the list."""

    as_of: date
    """Day of the copy."""
    listings: Mapping[str, Listing]
    """Lines, by number."""

    def objection(self, filing: PartnerFiling) -> str:
        """Return why *filing* does not hold by this list; empty if it does."""
        found = self.listings.get(filing.number)
        if found is None:
            return f"number `{filing.number}` is not in the list of {self.as_of}"
        if found.name != filing.name:
            return (
                f"number `{filing.number}` belongs to `{found.name}` in the list of {self.as_of},"
                f" not to `{filing.name}`"
            )
        return "" if found.listed else f"`{filing.number}` was cancelled by {self.as_of}"


class PartnerFiled(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the filing of a partner's model holds."""

    holds: bool | None
    """None where nobody can say: nothing is stated, or there is no list."""
    why: str
    """What was found, in a sentence."""


def latest_public_list(workspace: Workspace, market: str) -> PublicList | None:
    """Return the newest list of *market*; None where the operator supplied none.

    Raises:
        Malformed: it is no list of this form.
    """
    days = [
        (date.fromisoformat(found["day"]), path)
        for path in (workspace.folder / FOLDER).glob("*.csv")
        if (found := _NAME.fullmatch(path.name)) and found["market"] == market
    ]
    return read_public_list(*max(days)) if days else None


def partner_filed(market: Market, serving: RoleModel, known: PublicList | None) -> PartnerFiled:
    """Say whether the filing of the model that serves holds by the list *known*."""
    candidate = f"{serving.partner}/{serving.model}"
    stated = market.partner_filings.get(candidate)
    if stated is None:
        return PartnerFiled(
            holds=None, why=f"`{candidate}`: `partner_filings` of `{market.id}` states no filing"
        )
    if known is None:
        return PartnerFiled(
            holds=None, why=f"`{candidate}`: there is no copy of the list in `{FOLDER}/`"
        )
    objection = known.objection(stated)
    held = f"`{stated.number}` stands in the list of {known.as_of}"
    return PartnerFiled(holds=not objection, why=f"`{candidate}`: {objection or held}")


def read_public_list(as_of: date, path: Path) -> PublicList:
    """Return the list in *path*, a copy of the day *as_of*.

    Raises:
        Malformed: a column is missing, a number stands twice, or a state is unknown.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Malformed(f"it has more than {MAX_BYTES} bytes", path=path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"byte {error.start} is no UTF-8", path=path, hint="save the list as CSV in UTF-8"
        ) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise Malformed(
            f"there is no column `{missing[0]}`",
            path=path,
            line=1,
            hint=f"columns are {', '.join(_COLUMNS)}",
        )
    found: dict[str, Listing] = {}
    for row in rows:
        name, number, state = ((row[column] or "").strip() for column in _COLUMNS)
        if not name or not number or state not in ("listed", "cancelled"):
            raise Malformed(
                "a line needs a name, a number and the state `listed` or `cancelled`",
                path=path,
                line=rows.line_num,
            )
        if number in found:
            raise Malformed(f"number `{number}` stands twice", path=path, line=rows.line_num)
        found[number] = Listing(name=name, listed=state == "listed")
    return PublicList(as_of=as_of, listings=found)
