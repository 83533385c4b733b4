"""Screening: nothing banned goes in or comes out, at no cost that one can feel."""
