"""Commands that run in a Blender: inject, round trip, render."""
