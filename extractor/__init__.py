"""Reading: the open scene, files and folders become records. bpy only in scene/, rna/ and materials/."""
