"""A material in six plain values: what it would look like if it were one Principled shader without textures.

Follows the active output to the first shader that sets a colour, and a linked colour to a constant where that is simple
(an RGB node, a mix, the middle of a ramp); everything else falls back to the colour of the solid viewport.
"""

from collections.abc import Callable, Sequence
from typing import Any

import bpy

from ..rna.rna import short

MAX_DEPTH = 32


def plain_of(material: Any) -> dict[str, Any]:
    """{"base_color" [3] linear, "roughness", "metallic", "alpha", "transmission", "emission" [3]}"""
    colour = [short(c) for c in material.diffuse_color]
    values = {
        "base_color": colour[:3],
        "roughness": short(material.roughness),
        "metallic": short(material.metallic),
        "alpha": colour[3],
        "transmission": 0.0,
        "emission": [0.0, 0.0, 0.0],
    }
    tree = material.node_tree
    if tree is not None and (bpy.app.version >= (5, 0) or material.use_nodes):
        shader = _shader_at_output(tree)
        if shader is not None:
            values.update(_describe(shader, values))
    return values


def _shader_at_output(tree: Any) -> Any | None:
    outputs = [n for n in tree.nodes if n.bl_idname == "ShaderNodeOutputMaterial"]
    outputs.sort(key=lambda n: (not n.is_active_output, n.target != "ALL"))
    for output in outputs:
        shader = _find_shader(_source(output.inputs.get("Surface")), 0)
        if shader is not None:
            return shader
    return None


def _find_shader(socket: Any | None, depth: int) -> Any | None:
    """The shader that decides the look: through reroutes, groups and mixes (the heavier side first)."""
    if socket is None or depth > MAX_DEPTH:
        return None
    node = socket.node
    if node.bl_idname in SHADERS:
        return node
    if node.bl_idname == "NodeReroute":
        return _find_shader(_source(node.inputs[0]), depth + 1)
    if node.bl_idname == "ShaderNodeGroup" and node.node_tree is not None:
        for end in node.node_tree.nodes:
            if end.bl_idname == "NodeGroupOutput":
                inner = next((s for s in end.inputs if s.identifier == socket.identifier), None)
                return _find_shader(_source(inner), depth + 1) if inner is not None else None
        return None
    if node.bl_idname in ("ShaderNodeMixShader", "ShaderNodeAddShader"):
        sides = [s for s in node.inputs if s.type == "SHADER"]
        factor = node.inputs[0].default_value if node.bl_idname == "ShaderNodeMixShader" else 0.0
        if factor > 0.5:
            sides.reverse()
        shaders = [_find_shader(_source(side), depth + 1) for side in sides]
        shaders.sort(key=lambda n: n is None or n.bl_idname == "ShaderNodeBsdfTransparent")
        return shaders[0] if shaders else None
    return None


def _source(socket: Any | None) -> Any | None:
    """The output socket that feeds this input."""
    if socket is None or not socket.is_linked:
        return None
    for link in socket.links:
        if not link.is_muted:
            return link.from_socket
    return None


def _describe(node: Any, values: dict[str, Any]) -> dict[str, Any]:
    return SHADERS[node.bl_idname](node, values["base_color"])


def _principled(node: Any, fallback: list[float]) -> dict[str, Any]:
    strength = _number(node, "Emission Strength", 0.0)
    glow = _colour(node, "Emission Color", [0.0, 0.0, 0.0]) if strength else [0.0, 0.0, 0.0]
    return {
        "base_color": _colour(node, "Base Color", fallback),
        "roughness": _number(node, "Roughness", 0.5),
        "metallic": _number(node, "Metallic", 0.0),
        "alpha": _number(node, "Alpha", 1.0),
        "transmission": _number(node, "Transmission Weight", 0.0),
        "emission": [short(c * strength) for c in glow],
    }


def _surface(**fixed: Any) -> Any:
    def describe(node: Any, fallback: list[float]) -> dict[str, Any]:
        values = {"base_color": _colour(node, "Color", fallback), "metallic": 0.0, "alpha": 1.0}
        values["roughness"] = _number(node, "Roughness", 0.5)
        return values | fixed

    return describe


def _emission(node: Any, fallback: list[float]) -> dict[str, Any]:
    colour, strength = _colour(node, "Color", fallback), _number(node, "Strength", 1.0)
    return {"base_color": colour, "emission": [short(c * strength) for c in colour], "alpha": 1.0}


# What each shader implies. Diffuse roughness is a different quantity, but the surface is rough.
SHADERS: dict[str, Callable[[Any, list[float]], dict[str, Any]]] = {
    "ShaderNodeBsdfPrincipled": _principled,
    "ShaderNodeBsdfDiffuse": _surface(roughness=1.0),
    "ShaderNodeBsdfGlossy": _surface(metallic=1.0),
    "ShaderNodeBsdfAnisotropic": _surface(metallic=1.0),
    "ShaderNodeBsdfMetallic": _surface(metallic=1.0),
    "ShaderNodeBsdfGlass": _surface(transmission=1.0),
    "ShaderNodeBsdfRefraction": _surface(transmission=1.0),
    "ShaderNodeBsdfTranslucent": _surface(roughness=1.0, transmission=0.5),
    "ShaderNodeBsdfTransparent": _surface(alpha=0.0),
    "ShaderNodeBsdfSheen": _surface(),
    "ShaderNodeBsdfToon": _surface(),
    "ShaderNodeBsdfHair": _surface(),
    "ShaderNodeSubsurfaceScattering": _surface(),
    "ShaderNodeEeveeSpecular": _principled,
    "ShaderNodeEmission": _emission,
    "ShaderNodeBackground": _emission,
}


def _number(node: Any, name: str, fallback: float) -> float:
    socket = node.inputs.get(name)
    if socket is None or not hasattr(socket, "default_value"):
        return fallback
    source = _source(socket)
    if source is not None and source.node.bl_idname == "ShaderNodeValue":
        return short(source.default_value)
    return short(socket.default_value)


def _colour(node: Any, name: str, fallback: list[float]) -> list[float]:
    socket = node.inputs.get(name)
    if socket is None:
        return fallback
    return [short(c) for c in _follow(socket, fallback, 0)[:3]]


def _follow(socket: Any, fallback: Sequence[float], depth: int) -> list[float]:
    """The colour that arrives at an input, if it is a constant or a simple mix of constants."""
    source = _source(socket)
    if source is None:
        value = getattr(socket, "default_value", None)
        if value is None or isinstance(value, str):
            return list(fallback)
        return [float(value)] * 3 if isinstance(value, int | float) else [float(c) for c in value][:3]
    node = source.node
    if depth > MAX_DEPTH:
        return list(fallback)
    if node.bl_idname == "ShaderNodeRGB":
        return list(source.default_value)[:3]
    if node.bl_idname == "ShaderNodeValue":
        return [source.default_value] * 3
    if node.bl_idname == "NodeReroute":
        return _follow(node.inputs[0], fallback, depth + 1)
    if node.bl_idname == "ShaderNodeValToRGB":
        return list(node.color_ramp.evaluate(0.5))[:3]
    if node.bl_idname in ("ShaderNodeMixRGB", "ShaderNodeMix"):
        return _mix(node, fallback, depth)
    if node.bl_idname in (
        "ShaderNodeGamma",
        "ShaderNodeHueSaturation",
        "ShaderNodeBrightContrast",
        "ShaderNodeRGBCurve",
    ):
        return _follow(node.inputs["Color"], fallback, depth + 1)
    return list(fallback)


def _mix(node: Any, fallback: Sequence[float], depth: int) -> list[float]:
    if node.bl_idname == "ShaderNodeMix":
        if node.data_type != "RGBA":
            return list(fallback)
        by_id = {s.identifier: s for s in node.inputs}
        factor, a, b = by_id["Factor_Float"], by_id["A_Color"], by_id["B_Color"]
    else:
        factor, a, b = node.inputs[0], node.inputs[1], node.inputs[2]
    amount = min(max(float(factor.default_value), 0.0), 1.0) if not factor.is_linked else 0.5
    first, second = _follow(a, fallback, depth + 1), _follow(b, fallback, depth + 1)
    if node.blend_type == "MULTIPLY":
        second = [x * y for x, y in zip(first, second)]
    elif node.blend_type == "ADD":
        second = [x + y for x, y in zip(first, second)]
    return [x * (1.0 - amount) + y * amount for x, y in zip(first, second)]
