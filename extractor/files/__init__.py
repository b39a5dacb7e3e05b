"""Files as records: which files, which Blender reads them, many of them as one job."""
