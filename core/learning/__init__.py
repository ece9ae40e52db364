"""Emotions of one's own, taught from a few faces."""
