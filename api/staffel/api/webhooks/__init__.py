"""Signed messages from outside systems (webhooks)."""
