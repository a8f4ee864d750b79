"""Reports of breaking points (Sollbruchstellen)."""
