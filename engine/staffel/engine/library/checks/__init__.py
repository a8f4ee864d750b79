"""What an upload may hold besides the model, and how each kind of file is checked."""
