"""Scenes and versions of a scene beside each other."""
