"""Node trees, plain materials, images, and palette textures turned into slots."""
