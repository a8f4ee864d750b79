"""Notices by mail: the own choice."""
