"""Agreements: which Stellen have signed which model version."""
