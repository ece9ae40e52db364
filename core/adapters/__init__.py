"""The outside world: every module here owns one foreign thing, whose shapes and errors never get past it."""
