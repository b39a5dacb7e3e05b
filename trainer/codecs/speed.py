"""numba where it is installed, plain Python where it is not: one source for both.

Functions marked `fast` keep to what both understand: loops over arrays and integers that fit 64 bits.
"""

from collections.abc import Callable
from typing import Any

try:
    from numba import njit

    def fast(function: Callable[..., Any]) -> Any:
        return njit(cache=True, boundscheck=False)(function)

except ImportError:

    def fast(function: Callable[..., Any]) -> Any:
        return function
