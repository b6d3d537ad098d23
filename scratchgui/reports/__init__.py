"""From a project to numbers, and from numbers to documents for a customer; no Qt."""
