"""How a Blender material gets its base colour: which image, through which UV map, times what.

Follows the node tree from the output's shader back to the first image or colour attribute. Made for `palette.bake`; it
never changes a material.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .palette import Paint

# The socket of each shader node that carries its colour; others are looked up by the name "Color".
_COLOUR_SOCKETS = ("Base Color", "Color")
_MOST_PIXELS = 1 << 26


class Paints:
    """`Paints(obj)(slot, material)` -> Paint or None. Share `images` (a plain dict) to read each image once."""

    def __init__(self, obj: Any, images: dict[str, Any] | None = None) -> None:
        self._obj = obj
        self._images = {} if images is None else images
        self.notes: list[str] = []

    def __call__(self, slot: int, _material: dict[str, Any] | None) -> Paint | None:
        slots = self._obj.material_slots
        material = slots[slot].material if slot < len(slots) else None
        tree = material.node_tree if material is not None else None
        if tree is None:
            return None
        output = next((n for n in tree.nodes if n.type == "OUTPUT_MATERIAL" and n.is_active_output), None)
        if output is None or not output.inputs["Surface"].is_linked:
            return None
        shader = _coloured_shader(output.inputs["Surface"].links[0].from_node, set())
        if shader is None:
            return None
        socket = next((shader.inputs[s] for s in _COLOUR_SOCKETS if s in shader.inputs), None)
        walk = _ColourSource()
        if socket is not None:
            _walk(socket, walk, 0)
        image, emissive = walk.image, False
        emission = shader.inputs.get("Emission Color") or shader.inputs.get("Emission")
        if emission is not None and emission.is_linked:
            lit = _ColourSource()
            _walk(emission, lit, 0)
            strength = shader.inputs.get("Emission Strength")
            emissive = lit.image is not None and lit.image == image and (strength is None or strength.default_value > 0)
            if image is None and lit.image is not None and walk.attribute is None:
                walk, image, emissive = lit, lit.image, True
        pixels, display = (self._pixels(image) if image is not None else None) or (None, False)
        if pixels is None and walk.attribute is None:
            return None
        return Paint(
            image=pixels,
            factor=(float(walk.factor[0]), float(walk.factor[1]), float(walk.factor[2])),
            uv=walk.uv,
            matrix=walk.matrix,
            extension=walk.extension,
            attribute=walk.attribute,
            image_name=image.name if image is not None else "",
            display=display,
            emissive=emissive,
        )

    def _pixels(self, image: Any) -> tuple[NDArray[Any], bool] | None:
        key = image.name_full
        if key not in self._images:
            self._images[key] = read_image(image)
            if self._images[key] is None:
                self.notes.append(f"{image.name}: the image is missing; its faces keep the material's own colour")
        found: tuple[NDArray[Any], bool] | None = self._images[key]
        return found


def read_image(image: Any) -> tuple[NDArray[Any], bool] | None:
    """(its pixels, whether they are sRGB rather than linear), or None where the image can't be read.

    The pixels are (H, W, channels) float32, row 0 at the bottom.
    """
    width, height = image.size
    channels = image.channels
    if not width or not height or not channels or width * height > _MOST_PIXELS:
        return None
    flat = np.empty(width * height * channels, np.float32)
    image.pixels.foreach_get(flat)
    display = not image.is_float and image.colorspace_settings.name in ("sRGB", "Filmic sRGB", "AgX Base sRGB")
    return flat.reshape(height, width, channels), display


class _ColourSource:
    """What was found while following the tree."""

    def __init__(self) -> None:
        self.image: Any = None
        self.attribute: str | None = None
        self.factor = np.ones(3)
        self.uv = ""
        self.matrix: NDArray[Any] | None = None
        self.extension = "REPEAT"


def _coloured_shader(node: Any, seen: set[str]) -> Any | None:
    """The first shader, from the surface backwards, that has a colour (mix and add shaders are looked through)."""
    if node.name in seen:
        return None
    seen.add(node.name)
    if any(s in node.inputs for s in _COLOUR_SOCKETS) and node.type not in ("BSDF_TRANSPARENT", "HOLDOUT"):
        return node
    for socket in node.inputs:
        if socket.type == "SHADER" and socket.is_linked:
            shader = _coloured_shader(socket.links[0].from_node, seen)
            if shader is not None:
                return shader
    return None


def _walk(socket: Any, state: _ColourSource, depth: int) -> None:
    """Follow one colour socket back. A product multiplies the factor; other mixes are followed on their first input."""
    if not socket.is_linked:
        return
    link = socket.links[0]
    node = link.from_node
    if depth > 16:
        return
    if node.type == "TEX_IMAGE":
        if node.image is not None and state.image is None:
            state.image = node.image
            state.extension = node.extension
            _walk_vector(node.inputs["Vector"], state, 0)
    elif node.type in ("VERTEX_COLOR", "ATTRIBUTE"):
        name = node.layer_name if node.type == "VERTEX_COLOR" else node.attribute_name
        if state.attribute is None:
            state.attribute = name
    elif node.type in ("MIX_RGB", "MIX"):
        _walk_mix(node, state, depth)
    elif node.type == "RGB":
        state.factor = state.factor * np.array(node.outputs[0].default_value[:3])
    else:
        for source in node.inputs:
            if source.is_linked and source.type in ("RGBA", "VECTOR", "VALUE") and source.name not in ("Fac", "Factor"):
                _walk(source, state, depth + 1)
                if state.image is not None or state.attribute is not None:
                    return


def _walk_mix(node: Any, state: _ColourSource, depth: int) -> None:
    colours = [s for s in node.inputs if s.type == "RGBA" and s.enabled]
    product = node.blend_type == "MULTIPLY" and (node.type == "MIX_RGB" or node.data_type == "RGBA")
    factor = next((s for s in node.inputs if s.name in ("Fac", "Factor") and s.enabled and s.type == "VALUE"), None)
    if product:
        for socket in colours:
            if socket.is_linked:
                _walk(socket, state, depth + 1)
            elif factor is None or factor.is_linked or factor.default_value > 0.5:
                state.factor = state.factor * np.array(socket.default_value[:3])
        return
    later = factor is not None and not factor.is_linked and factor.default_value > 0.5
    for socket in reversed(colours) if later else colours:
        _walk(socket, state, depth + 1)
        if state.image is not None or state.attribute is not None:
            return


def _walk_vector(socket: Any, state: _ColourSource, depth: int) -> None:
    """UV map name and 2D transform behind an image's Vector input."""
    if not socket.is_linked or depth > 8:
        return
    node = socket.links[0].from_node
    if node.type == "UVMAP":
        state.uv = node.uv_map
    elif node.type == "ATTRIBUTE":
        state.uv = node.attribute_name
    elif node.type == "MAPPING":
        _walk_vector(node.inputs["Vector"], state, depth + 1)
        if "Location" in node.inputs and not any(
            node.inputs[s].is_linked for s in ("Location", "Rotation", "Scale") if s in node.inputs
        ):
            mapping = _mapping(node)
            state.matrix = mapping if state.matrix is None else _chain(mapping, state.matrix)
    elif node.type == "REROUTE":
        _walk_vector(node.inputs[0], state, depth + 1)


def _mapping(node: Any) -> NDArray[Any]:
    """(2, 3) of a Mapping node, seen from above: scale, then turn, then move (the reverse for TEXTURE)."""
    moves = node.vector_type in ("POINT", "TEXTURE")
    move = np.array(node.inputs["Location"].default_value[:2]) if moves else np.zeros(2)
    angle = node.inputs["Rotation"].default_value[2]
    scale = np.array(node.inputs["Scale"].default_value[:2])
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    if node.vector_type == "TEXTURE":
        scale = np.where(scale == 0, 1, scale)
        linear = np.diag(1 / scale) @ turn.T
        return np.column_stack([linear, -linear @ move])
    return np.column_stack([turn @ np.diag(scale), move])


def _chain(outer: NDArray[Any], inner: NDArray[Any]) -> NDArray[Any]:
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])
