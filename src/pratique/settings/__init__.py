"""Settings: what an operator writes in the files of a workspace."""
