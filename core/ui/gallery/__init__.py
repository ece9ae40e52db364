"""Parts of the faces page."""
