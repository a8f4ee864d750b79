"""Documents (Unterlagen) of cases."""
