"""Any Blender struct as plain data: properties, references, custom properties, animation."""
