"""Words: the word table, labels, and the conditions given to a model."""
