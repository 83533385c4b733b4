"""The story, rehearsed: choose, drop, pass over, choose again, file, approve, roll out, change."""
