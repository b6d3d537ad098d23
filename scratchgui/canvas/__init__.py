"""The canvas: an image with mask, prediction and boxes over it, and the tools that correct the mask."""
