"""Words: the word table, labels, and the conditions that a model is asked with."""
