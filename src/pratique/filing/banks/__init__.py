"""Banks: the libraries of keywords and questions that a market asks for, read, checked and kept."""
