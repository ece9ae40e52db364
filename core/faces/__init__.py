"""A frame → faces, crops, readings."""
