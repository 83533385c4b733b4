"""Text of pictures, read inside the process."""

from pratique.partners.ocr.reader import Line, read, read_lines, recognised

__all__ = ["Line", "read", "read_lines", "recognised"]
