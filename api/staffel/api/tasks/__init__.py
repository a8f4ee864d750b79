"""Tasks of one's own Stellen."""
