"""One controller a journey: they join the model and the workers and know no widget."""
