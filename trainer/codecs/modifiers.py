"""A modifier stack as items and back. What a modifier points at (another object, a group of nodes) is left out."""

import re
from typing import Any

from .items import Item

PANEL = re.compile(r"/open_\w+_panel$")  # which panels of its UI are open: the schema has it, records don't


def items_of_stack(stack: list[dict[str, Any]], modifier_types: set[str]) -> tuple[list[Item], dict[str, int]]:
    """(items, notes): modifiers of a type the language lacks are counted in the notes."""
    items: list[Item] = []
    notes: dict[str, int] = {}
    for modifier in stack:
        if modifier["type"] not in modifier_types:
            notes[modifier["type"]] = notes.get(modifier["type"], 0) + 1
            continue
        # The plain JSON form has a modifier's values beside its type.
        values = modifier.get("properties", {k: v for k, v in modifier.items() if k not in ("type", "name")})
        kept = {
            f"prop/{key}": value for key, value in values.items() if value is not None and not isinstance(value, dict)
        }
        items.append(Item(modifier["type"], kept))
    return items, notes


def stack_of_items(items: list[Item]) -> list[dict[str, Any]]:
    """Named as Blender would: by type, counted where there are several."""
    stack: list[dict[str, Any]] = []
    for item in items:
        title = item.type.replace("_", " ").title()
        count = sum(1 for modifier in stack if modifier["type"] == item.type)
        properties = {key.removeprefix("prop/"): value for key, value in item.values.items() if not PANEL.search(key)}
        stack.append({"type": item.type, "name": f"{title}.{count:03}" if count else title, "properties": properties})
    return stack
