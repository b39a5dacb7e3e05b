"""Several stages as one act: prepare the data and train; learn from ranked samples."""
