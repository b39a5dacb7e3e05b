"""Plain data back into any Blender struct, and what one injection makes and takes back."""
