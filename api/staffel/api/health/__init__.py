"""For those who operate Staffel."""
