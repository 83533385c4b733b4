"""Simulated models: invented partners that behave as their data say, for rehearsals offline."""

from pratique.partners.simulated.model import SimulatedModel

__all__ = ["SimulatedModel"]
