"""From the records of a file to assets as its author sees them: grouping, joining, correcting, showing."""
