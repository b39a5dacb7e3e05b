"""The open scene as records: objects, meshes, armatures, modifiers."""
