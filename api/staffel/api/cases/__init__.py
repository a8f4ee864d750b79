"""Cases (Vorgänge)."""
