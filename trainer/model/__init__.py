"""The transformer, its sizes, checkpoints, adapters and the engines that run it."""
