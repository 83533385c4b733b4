"""Rehearsal: plays the loop on embedded models, by the same steps that an operator takes."""
