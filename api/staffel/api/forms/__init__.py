"""Forms of model versions: looked at, checked, edited."""
