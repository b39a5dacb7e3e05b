"""What the panels say in German, Japanese, Chinese, French and Spanish: one table per module, one row per phrase."""
