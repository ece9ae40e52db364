"""Parts of the compare page."""
