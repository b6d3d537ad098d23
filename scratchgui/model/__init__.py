"""What the window shows and edits, as QObjects without widgets."""
