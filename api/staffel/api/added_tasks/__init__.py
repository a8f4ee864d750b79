"""Tasks that people add to a case for their own Stelle (Zusatzaufgaben)."""
