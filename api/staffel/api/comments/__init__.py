"""Comments at a case, and notes to the next Stelle."""
