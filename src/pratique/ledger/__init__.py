"""Ledger: the append-only record of every decision, and the proof that nothing in it changed."""
