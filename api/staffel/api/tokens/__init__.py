"""Bearer tokens for programs."""
