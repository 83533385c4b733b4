"""Labels: the marks that generated content must carry."""
