"""Geometry over plain arrays: faces, quads, double faces, symmetry, shape descriptors. numpy only."""
