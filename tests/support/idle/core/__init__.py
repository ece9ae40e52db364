"""Stands where Outtake does: a task that says nothing and never ends."""
