"""Which peaks not to believe, and why."""
