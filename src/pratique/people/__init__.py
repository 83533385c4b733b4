"""People: who may do what, with which key, and whose signature it is."""
