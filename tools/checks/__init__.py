"""Checks that need tools beyond pip; `make tools` installs them."""
