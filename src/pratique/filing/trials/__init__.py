"""Trials: questions of the market's banks asked of the variants that are to be served, and judged."""
