"""Training sets: curating assets, drawing examples, packing and loading batches."""
