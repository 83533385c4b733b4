"""What behaviour with a revision does today: a change that raises no revision fails here."""
