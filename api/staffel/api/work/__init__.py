"""Service tasks for outside programs."""
