"""Load: requests sent at a rate whatever comes back, and what came of each."""
