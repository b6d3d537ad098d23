"""Widgets: they show and emit, and own no data."""
