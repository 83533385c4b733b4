"""The conformance kit: does a partner's endpoint do what its file in the catalogue and our wire say?

`kit` runs the checks, `report` is what they come to, `records` keeps what they measured.
"""
