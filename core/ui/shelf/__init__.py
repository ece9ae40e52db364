"""Parts of the shelf page."""
