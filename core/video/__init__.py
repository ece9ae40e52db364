"""A file → frames with their times."""
