"""Ratings: blind sheets for people out, what they gave back in, and how far they agree."""
