"""Handovers (Übergaben) between Stellen."""
