"""The pages: German first, English second, for people at the keyboard of an agency."""
