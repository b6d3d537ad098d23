"""What the product knows without a window and without a network: files, masks, regions, rules, metrics."""
