"""How is an array handed from kernel to kernel without counting references to it?

Numba counts references to every array at every call of a function with a loop. In the small
functions of a solver that alone takes most of the time. A borrowed array has no count: it must not
outlive the one it is taken from, so it is borrowed where a kernel is entered, and never returned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

Array = TypeVar("Array")


def borrow(array: Array) -> Array:
    """Return the array itself; in compiled code a view of it that counts no references."""
    return array


@intrinsic
def uncounted(_context: Any, array: Any) -> Any:
    """Give numba an array's struct without the object that counts."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        struct: Any = make_array
        view = struct(signature.args[0])(context, builder, value=arguments[0])
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), generate


@overload(borrow, inline="always")
def compiled_borrow(array: Any) -> Callable[[Any], Any]:
    """Give numba what it compiles for `borrow`."""

    def view(array: Any) -> Any:
        return uncounted(array)  # type: ignore[call-arg]

    return view
