"""Telling that something has changed: a mark to ask for, and streams that say when it is another one."""
