"""Small widgets shared by all panels and dialogs."""
