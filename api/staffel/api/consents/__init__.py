"""The consent register of a case."""
