"""The panels at the sides of the canvas, one a file."""
