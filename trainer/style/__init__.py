"""What one artist's library is like, and how to make things that could stand in it: a style is something measured."""
