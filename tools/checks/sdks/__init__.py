"""Drivers: each calls one address through a partner's own client and tells what came of it.

They run in an environment of their own, `.venv-sdks`, which does not hold this project.
"""
