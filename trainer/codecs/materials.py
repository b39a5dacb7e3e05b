"""A material as items and back: nodes after their inputs, values that differ from defaults, links by relative index.

Lost by design: locations and labels of nodes (they are laid out again), frames, reroutes (followed through), nodes that
no output uses, groups, textures from files and curves; notes count them.
"""

from typing import Any

from .items import Item

OUTPUT = "ShaderNodeOutputMaterial"
PRINCIPLED = "ShaderNodeBsdfPrincipled"
COLUMN, ROW_HEIGHT = 300.0, 200.0
# Six plain values and the Principled inputs for them.
PLAIN = {
    "base_color": "in/Base Color",
    "roughness": "in/Roughness",
    "metallic": "in/Metallic",
    "alpha": "in/Alpha",
    "transmission": "in/Transmission Weight",
    "emission": "in/Emission Color",
}
FRESH = {"base_color": [0.8, 0.8, 0.8], "roughness": 0.5, "metallic": 0.0, "alpha": 1.0, "transmission": 0.0}


def items_of_material(material: dict[str, Any], node_types: set[str]) -> tuple[list[Item], dict[str, int]]:
    """(items, notes): `node_types` are the node types that the language has."""
    if not material.get("tree", {}).get("nodes"):
        return _items_of_plain(material.get("plain", {})), {}
    notes: dict[str, int] = {}
    nodes = {node["name"]: node for node in material["tree"]["nodes"]}
    into: dict[tuple[str, str], tuple[str, str]] = {}
    for link in material["tree"].get("links", []):
        if len(link) == 4 and link[0] in nodes and link[2] in nodes:
            into[link[2], link[3]] = (link[0], link[1])
    fed: dict[str, list[tuple[str, str]]] = {}
    for end in into:
        fed.setdefault(end[0], []).append(end)
    items: list[Item] = []
    place: dict[str, int] = {}
    about = {f"prop/{key}": value for key, value in material.get("properties", {}).items()}
    items.append(Item("MATERIAL", about))

    def source(end: tuple[str, str]) -> tuple[str, str] | None:
        """What feeds an input, through reroutes and past nodes that the language lacks."""
        for _ in range(len(nodes) + 1):
            feeder = into.get(end)
            if feeder is None:
                return None
            if nodes[feeder[0]]["type"] != "NodeReroute":
                return feeder
            end = (feeder[0], "Input")
        return None

    def visit(name: str, above: frozenset[str]) -> bool:
        if name in place:
            return True
        node = nodes[name]
        if node["type"] not in node_types or name in above:
            notes[node["type"]] = notes.get(node["type"], 0) + 1
            return False
        item = Item(node["type"], _values(node))
        ramp = node.get("properties", {}).get("color_ramp")
        if isinstance(ramp, dict):
            item.rows = [[e["position"], e["color"]] for e in ramp.get("elements", [])]
        for end in sorted(fed.get(name, [])):
            feeder = source(end)
            if feeder and visit(feeder[0], above | {name}):
                item.links[f"in/{end[1]}"] = (place[feeder[0]], feeder[1])
        place[name] = len(items)
        items.append(item)
        return True

    ends = [node for node in nodes.values() if node["type"] == OUTPUT]
    if not ends:
        return _items_of_plain(material.get("plain", {})), {"no output": 1}
    # Nodes used only by an inactive output are not visible.
    active = next((n for n in ends if n.get("properties", {}).get("is_active_output")), ends[0])
    visit(active["name"], frozenset())
    unused = sum(1 for node in nodes.values() if node["name"] not in place and node["type"] in node_types)
    if unused:
        notes["unused"] = unused
    return items, notes


def _values(node: dict[str, Any]) -> dict[str, Any]:
    values = {f"prop/{key}": value for key, value in node.get("properties", {}).items() if key != "is_active_output"}
    ramp = node.get("properties", {}).get("color_ramp")
    if isinstance(ramp, dict):
        values["ramp/interpolation"] = ramp.get("interpolation", "LINEAR")
    values |= {f"in/{entry['id']}": entry["value"] for entry in node.get("inputs", []) if "value" in entry}
    values |= {f"out/{entry['id']}": entry["value"] for entry in node.get("outputs", []) if "value" in entry}
    return {key: value for key, value in values.items() if value is not None and not isinstance(value, dict)}


def _items_of_plain(plain: dict[str, Any]) -> list[Item]:
    values: dict[str, Any] = {}
    for key, name in PLAIN.items():
        if key in plain:
            value = plain[key]
            values[name] = [*value, 1.0] if isinstance(value, list) and len(value) == 3 else value
    if any(plain.get("emission", ())):
        values["in/Emission Strength"] = 1.0
    else:
        values.pop("in/Emission Color", None)
    shader = Item(PRINCIPLED, values)
    return [Item("MATERIAL"), shader, Item(OUTPUT, links={"in/Surface": (1, "BSDF")})]


def material_of_items(items: list[Item], name: str) -> dict[str, Any]:
    """A material dict as injection takes it, nodes laid out in columns from the output leftwards."""
    column = _columns(items)
    names = [f"{item.type.removeprefix('ShaderNode')} {number}" for number, item in enumerate(items)]
    taken: dict[int, int] = {}
    nodes: list[Any] = []
    links: list[Any] = []
    properties: dict[str, Any] = {}
    last = max((i for i, item in enumerate(items) if item.type == OUTPUT), default=-1)
    for number, item in enumerate(items):
        own = {key.removeprefix("prop/"): value for key, value in item.values.items() if key.startswith("prop/")}
        if item.type == "MATERIAL":
            properties |= own
            continue
        if item.type == OUTPUT:
            own["is_active_output"] = number == last
        if item.rows:
            rows = sorted(item.rows, key=lambda row: row[0])
            own["color_ramp"] = {"elements": [{"position": p, "color": c} for p, c in rows]}
            own["color_ramp"]["interpolation"] = item.values.get("ramp/interpolation", "LINEAR")
        height = taken.get(column[number], 0)
        taken[column[number]] = height + 1
        node: dict[str, Any] = {
            "type": item.type,
            "name": names[number],
            "location": [-COLUMN * column[number], -ROW_HEIGHT * height],
            "properties": own,
            # a reroute has the kind of its input: a value of its own would not fit
            "inputs": [
                {"id": k[3:], **({} if item.type == "NodeReroute" else {"value": v})}
                for k, v in item.values.items()
                if k.startswith("in/")
            ]
            + [{"id": k[3:]} for k in item.links if k not in item.values],
            "outputs": [{"id": k[4:], "value": v} for k, v in item.values.items() if k.startswith("out/")],
        }
        nodes.append(node)
        for key, (origin, output) in item.links.items():
            if items[origin].type != "MATERIAL":
                links.append([names[origin], output, names[number], key[3:]])
    tree = {"type": "ShaderNodeTree", "properties": {}, "nodes": nodes, "links": links}
    plain = plain_of_items(items)
    # Its look in the solid viewport.
    seen = {"diffuse_color": [*plain["base_color"], plain["alpha"]]}
    seen |= {"roughness": plain["roughness"], "metallic": plain["metallic"]}
    return {"name": name, "properties": seen | properties, "use_nodes": True, "tree": tree, "plain": plain}


def _columns(items: list[Item]) -> list[int]:
    """How many nodes lie between each item and the output it feeds."""
    column = [0] * len(items)
    for number in range(len(items) - 1, -1, -1):
        for origin, _ in items[number].links.values():
            column[origin] = max(column[origin], column[number] + 1)
    return column


def plain_of_items(items: list[Item]) -> dict[str, Any]:
    """The six plain values of the last Principled shader."""
    plain: dict[str, Any] = {**FRESH, "emission": [0.0, 0.0, 0.0]}
    shader = next((item for item in reversed(items) if item.type == PRINCIPLED), None)
    if shader is None:
        return plain
    for key, name in PLAIN.items():
        if name in shader.values:
            value = shader.values[name]
            plain[key] = list(value[:3]) if isinstance(value, list) else value
    if "in/Base Color" in shader.links:
        plain["base_color"] = _colour_of(items, shader.links["in/Base Color"][0])
    strength = shader.values.get("in/Emission Strength", 0.0)
    if strength <= 0:
        plain["emission"] = [0.0, 0.0, 0.0]
    return plain


def _colour_of(items: list[Item], number: int, depth: int = 0) -> list[float]:
    """One colour for whatever feeds a socket: the mean of a ramp, of the given colours, or of what they take from."""
    item = items[number]
    rgbs = [row[1][:3] for row in item.rows]
    rgbs += [v[:3] for k, v in item.values.items() if isinstance(v, list) and len(v) == 4 and k[:3] in ("in/", "out")]
    if not rgbs and depth < 8:
        rgbs = [_colour_of(items, origin, depth + 1) for origin, _ in item.links.values()]
    if not rgbs:
        return [0.8, 0.8, 0.8]
    return [sum(c[i] for c in rgbs) / len(rgbs) for i in range(3)]
