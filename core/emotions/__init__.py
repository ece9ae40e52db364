"""An emotion of one's own, learned from a few faces."""
