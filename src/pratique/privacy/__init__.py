"""Privacy: types for content and secrets, which cannot be printed, logged or pickled."""

from pratique.privacy.sensitive import Masked, Secret, Sensitive

__all__ = ["Masked", "Secret", "Sensitive"]
