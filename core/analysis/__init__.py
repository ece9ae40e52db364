"""What the readings of a scene add up to: tables, means, people, comparisons."""
