"""Background work: threads and child processes, and how their results come back."""
