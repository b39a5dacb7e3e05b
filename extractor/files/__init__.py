"""Files to records: which files, which Blender reads them, and many of them as one job."""
