"""Is a driver's expression one that Blender itself calculates, without asking Python?

Blender has a small calculator for drivers: numbers, + - * /, comparisons, and / or / not, `a if b else c`, brackets, a
few functions, and the names of the driver's variables. Anything more is handed to Python, which an expression from
somebody else's file must never reach. In doubt the answer is no. It only reads the text; nothing is evaluated.
"""

import ast
from collections.abc import Iterable

LONGEST = 255  # Blender's own limit for the text
CONSTANTS = frozenset({"pi", "True", "False", "frame"})
# Function -> how many arguments it takes.
FUNCTIONS: dict[str, range] = {
    **{name: range(1, 2) for name in ("radians", "degrees", "abs", "fabs", "floor", "ceil", "trunc", "round", "int")},
    **{name: range(1, 2) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "exp", "sqrt")},
    **{name: range(2, 3) for name in ("atan2", "pow", "fmod")},
    **{name: range(3, 4) for name in ("lerp", "smoothstep")},
    "log": range(1, 3),
    "clamp": range(1, 4),
    "min": range(1, LONGEST),
    "max": range(1, LONGEST),
}
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_SIGNS = (ast.UAdd, ast.USub, ast.Not)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def is_simple(expression: str, variables: Iterable[str]) -> bool:
    """Whether `expression` is of Blender's own 'simple expression' class, given the names of its variables."""
    if len(expression.encode("utf-8", "replace")) > LONGEST or not expression.isascii() or "\n" in expression:
        return False
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        return _is_simple(tree.body, CONSTANTS | frozenset(variables))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _is_simple(node: ast.expr, names: frozenset[str]) -> bool:
    parts: list[ast.expr]
    match node:
        case ast.Constant(value=bool() | int() | float()):
            return True
        case ast.Name(id=name):
            return name in names
        case ast.UnaryOp(op=op, operand=operand) if isinstance(op, _SIGNS):
            parts = [operand]
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
            parts = [left, right]
        case ast.BoolOp(values=values):
            parts = values
        case ast.Compare(left=left, ops=ops, comparators=others) if all(isinstance(op, _COMPARISONS) for op in ops):
            parts = [left, *others]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            parts = [test, body, orelse]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name in names or len(arguments) not in FUNCTIONS.get(name, range(0)):
                return False
            parts = arguments
        case _:
            return False
    return all(_is_simple(part, names) for part in parts)
