"""The models that one process has connected, each once."""

from pratique.errors import Tampered
from pratique.partners.catalogue import Partner, find_candidate
from pratique.partners.connect import connect
from pratique.partners.contract import Model


class Pool:
    """Connects a model when it is first asked for, and keeps it."""

    def __init__(self, partners: dict[str, Partner]) -> None:
        self._partners = partners
        self._models: dict[str, Model] = {}

    def model(self, name: str, snapshot: str) -> Model:
        """Return the model called *name*, which must be at *snapshot*.

        Raises:
            NotFound: no partner offers it any more.
            Tampered: the catalogue has it at another snapshot: not what was approved.
            Unavailable: a package that it needs is not installed.
        """
        candidate = find_candidate(self._partners, name)
        if candidate.model.snapshot != snapshot:
            raise Tampered(
                f"`{name}` is at snapshot `{candidate.model.snapshot}`, not `{snapshot}`",
                hint="assess and file the new snapshot; until it is approved the feature is off",
            )
        if name not in self._models:
            self._models[name] = connect(candidate)
        return self._models[name]
