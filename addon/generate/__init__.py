"""Generation in the open window: the worker session, previews, landing, suggestions."""
