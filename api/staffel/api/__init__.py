"""Staffel's HTTP interface and command line."""

from importlib.metadata import version

__version__ = version("staffel")
