"""Table → chart, and pictures with marks; pure functions."""
