"""From an entry of the catalogue to a model that can be called."""

from pratique.errors import Unavailable
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Model
from pratique.partners.embedded import LlamaModel
from pratique.partners.ruled import RulesModel


def connect(candidate: Candidate) -> Model:
    """Return the model of *candidate*, ready to be called.

    Raises:
        Unavailable: a package that it needs is not installed.
    """
    if not candidate.installed:
        raise Unavailable(
            f"`{candidate.name}` needs the package `{candidate.model.package}`, which is not installed",
            hint="`make setup` installs it, or leave the candidate out of `markets/*.toml`",
        )
    if candidate.model.engine == "rules":
        return RulesModel(candidate)
    return LlamaModel(candidate)
