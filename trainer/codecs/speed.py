"""numba if it is installed, else plain Python: one source for both.

Functions marked `fast` use only what both support: loops over arrays and integers that fit 64 bits.
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
