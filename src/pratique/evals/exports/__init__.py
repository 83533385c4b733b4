"""Exports: runs in the forms that other tools and pipelines read."""
