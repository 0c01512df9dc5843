"""The files that show what was done: taken in only when they are what they say, and kept by content."""
