"""Begleithefte: what a person is told about the own case."""
