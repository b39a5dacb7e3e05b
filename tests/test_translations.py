"""Every text that the extension shows has a row in the tables of translations."""

import ast
import string
from pathlib import Path

import pytest
from meshkiln.addon.ui import translations

ADDON = Path(__file__).resolve().parents[1] / "addon"
SHOWS = {"wrapped": 1, "say": 0, "poll_message_set": 0, "pgettext_iface": 0, "translated": 0}  # name: which argument


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def texts_of_class(node):
    """Name and tooltip of an operator, or the title of a panel."""
    fields = {entry.targets[0].id: text_of(entry.value) for entry in node.body if isinstance(entry, ast.Assign)}
    if "bl_label" in fields:
        is_operator = "." in fields["bl_idname"]
        yield "Operator" if is_operator else "*", fields["bl_label"]
        if is_operator:
            yield "*", fields.get("bl_description") or ast.get_docstring(node)


def texts_of_call(node):
    """Names and tooltips of settings, labels, placeholders and sentences."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if name.endswith("Property"):
        yield from (("*", text_of(keywords[key])) for key in ("name", "description") if key in keywords)
    if name in SHOWS and len(node.args) > SHOWS[name]:
        yield "*", text_of(node.args[SHOWS[name]])
    if "translate" not in keywords and ast.unparse(node.func) != "subprocess.run":
        context = "Operator" if name == "operator" else "*"
        yield from ((context, text_of(keywords[key])) for key in ("text", "placeholder") if key in keywords)


def shown_texts():
    for path in sorted(ADDON.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield from texts_of_class(node)
            elif isinstance(node, ast.Call):
                yield from texts_of_call(node)
            elif isinstance(node, ast.Tuple) and len(node.elts) == 3 and path.parent.name != "phrases":
                identifier, name, tip = map(text_of, node.elts)  # an item of an enum
                if identifier and name and tip.upper() != tip and (identifier.isupper() or " " in tip):
                    yield from (("*", name), ("*", tip))


def test_every_text_that_is_shown_is_translated():
    tables = {"*": translations.PHRASES, "Operator": translations.OPERATORS}
    missing = {(context, text) for context, text in shown_texts() if text and text not in tables[context]}
    assert not missing


def fields_of(text):
    return [(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None]


@pytest.mark.parametrize("table", [translations.OPERATORS, translations.PHRASES], ids=["operators", "phrases"])
def test_each_phrase_is_said_in_every_language_with_the_same_numbers(table):
    for english, row in table.items():
        assert len(row) == len(translations.LOCALES) and all(row)
        assert all(fields_of(text) == fields_of(english) for text in row), english
