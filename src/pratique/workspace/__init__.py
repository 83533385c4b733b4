"""Workspace: one opened folder with its database, its ledger and its signing key."""
