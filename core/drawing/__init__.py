"""Tables in, charts and drawn pictures out."""
