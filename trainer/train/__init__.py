"""Training: the loop, the optimizer, run state, held-out scores, several processes."""
