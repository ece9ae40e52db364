"""A link → a local file, in a guarded process."""
