"""Documents of an evidence pack, as a person would hand them in: Word and Excel, the same bytes each time."""
