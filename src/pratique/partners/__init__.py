"""Partners: the models a market offers, and how each one is called."""
