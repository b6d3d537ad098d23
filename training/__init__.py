"""Training: a process of its own that turns reviewed images into a better model."""
