"""From an image to a probability for every pixel and a mask; no Qt, and torch only where it runs the network."""
