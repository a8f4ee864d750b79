"""Finding cases, tasks and processes by what one remembers of them."""
