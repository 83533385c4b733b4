"""Privacy: types for content and secrets, which cannot be printed, logged or pickled."""

from pratique.privacy.sensitive import Secret, Sensitive

__all__ = ["Secret", "Sensitive"]
