"""pratique: take AI features into a market, and let nothing be on that was not approved as it runs."""

__version__ = "0.1.0"
