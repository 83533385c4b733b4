"""Imports: per-sample results that other tools wrote, read as evidence and never as findings."""
