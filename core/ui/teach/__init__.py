"""Parts of the teach page."""
