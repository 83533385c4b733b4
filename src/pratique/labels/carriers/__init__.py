"""Files that carry an implicit label: one module a kind of file, each over a field library.

Every module has `read` (each label found, as text), `write` (the one label, in place of any) and
`rest` (what writing must leave as it was, to be compared).
"""
