"""Parts of the scene page."""
