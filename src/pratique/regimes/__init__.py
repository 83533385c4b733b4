"""Regimes: the rules of a market, as data with their sources."""
