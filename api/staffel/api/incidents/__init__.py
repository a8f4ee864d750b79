"""Cases that cannot go on by themselves."""
