"""What looks at scenes: Blender data becomes records here, and many files become a dataset."""
