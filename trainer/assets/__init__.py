"""From the records of a file to the assets that its author means: grouping, joining, correcting, looking."""
