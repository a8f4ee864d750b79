"""Municipalities, Stellen, competences."""
