"""Substitution for absences within a team."""
