"""Corrections told to those who received the data."""
