"""Peaks, why to doubt them, and what was decided about them."""
