"""Node trees back into Blender: nodes, interfaces, links, layout."""
