"""Signing in and out; who am I."""
