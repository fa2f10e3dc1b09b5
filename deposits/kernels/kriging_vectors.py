"""How does a kernel say that eight numbers are to be worked on in one instruction?

numba turns a loop over eight lanes into scalar code when the arrays might overlap. Here the lanes
are a type of their own, eight doubles in LLVM's vector type, with the few operations that kriging
needs. Without compilation (NUMBA_DISABLE_JIT=1) lanes are numpy arrays of eight.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.extending import intrinsic

LANES = 8
VECTOR = ir.VectorType(ir.DoubleType(), LANES)
WHOLE = ir.VectorType(ir.IntType(64), LANES)


class LanesType(types.Type):
    """numba's name for eight doubles."""

    def __init__(self) -> None:
        super().__init__(name="EightDoubles")


@register_default(LanesType)
class LanesModel(models.PrimitiveModel):
    """Eight doubles are LLVM's vector of eight doubles."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR)  # type: ignore[no-untyped-call]


lanes_type = LanesType()


def _splat(builder: Any, value: Any) -> Any:
    """Repeat a double in every lane."""
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), value, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), mask)


def _constant(value: float) -> Any:
    return ir.Constant(VECTOR, [value] * LANES)


def _call(builder: Any, name: str, *values: Any) -> Any:
    """Call one of LLVM's own functions on vectors."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * len(values))
    function = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, kind, f"llvm.{name}.v{LANES}f64"
    )
    return builder.call(function, values)


def _pointer(context: Any, builder: Any, kind: Any, value: Any, index: list[Any]) -> Any:
    """Where the eight doubles of a row begin."""
    array = context.make_array(kind)(context, builder, value)
    zero = context.get_constant(types.intp, 0)
    place = cgutils.get_item_pointer(  # type: ignore[no-untyped-call]
        context, builder, kind, array, [*index, zero]
    )
    return builder.bitcast(place, VECTOR.as_pointer())


@intrinsic
def _load1(typing: Any, array: Any, i: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_pointer(context, builder, array, args[0], [args[1]]), align=8)

    return lanes_type(array, types.intp), code


@intrinsic
def _load2(typing: Any, array: Any, i: Any, j: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_pointer(context, builder, array, args[0], list(args[1:])), align=8)

    return lanes_type(array, types.intp, types.intp), code


@intrinsic
def _store1(typing: Any, array: Any, i: Any, value: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _pointer(context, builder, array, args[0], [args[1]])
        builder.store(args[2], place, align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes_type), code


@intrinsic
def _store2(typing: Any, array: Any, i: Any, j: Any, value: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _pointer(context, builder, array, args[0], list(args[1:3]))
        builder.store(args[3], place, align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, lanes_type), code


@intrinsic
def _fill(typing: Any, value: Any) -> Any:
    return lanes_type(types.float64), lambda c, builder, s, args: _splat(builder, args[0])


@intrinsic
def _subtract(typing: Any, a: Any, b: Any) -> Any:
    return lanes_type(a, b), lambda c, builder, s, args: builder.fsub(*args)


@intrinsic
def _multiply(typing: Any, a: Any, b: Any) -> Any:
    return lanes_type(a, b), lambda c, builder, s, args: builder.fmul(*args)


@intrinsic
def _divide(typing: Any, a: Any, b: Any) -> Any:
    return lanes_type(a, b), lambda c, builder, s, args: builder.fdiv(*args)


@intrinsic
def _add_product(typing: Any, total: Any, a: Any, b: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _call(builder, "fmuladd", args[1], args[2], args[0])

    return lanes_type(total, a, b), code


@intrinsic
def _less_product(typing: Any, total: Any, a: Any, b: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _call(builder, "fmuladd", builder.fneg(args[1]), args[2], args[0])

    return lanes_type(total, a, b), code


@intrinsic
def _root(typing: Any, a: Any) -> Any:
    return lanes_type(a), lambda c, builder, s, args: _call(builder, "sqrt", args[0])


@intrinsic
def _at_most_one(typing: Any, a: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        one = _constant(1.0)
        return builder.select(builder.fcmp_ordered("<", args[0], one), args[0], one)

    return lanes_type(a), code


@intrinsic
def _nan_unless_above(typing: Any, a: Any, limit: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        above = builder.fcmp_ordered(">", args[0], _splat(builder, args[1]))
        return builder.select(above, args[0], _constant(math.nan))

    return lanes_type(a, types.float64), code


@intrinsic
def _exponential(typing: Any, a: Any) -> Any:
    """Exponential of numbers not above 0: 2**n times a polynomial of the rest (13 terms)."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        low = _constant(-700.0)
        x = builder.select(builder.fcmp_ordered(">", args[0], low), args[0], low)
        n = _call(builder, "nearbyint", builder.fmul(x, _constant(1.0 / math.log(2.0))))
        rest = _call(builder, "fmuladd", n, _constant(-0.6931471803691238), x)
        rest = _call(builder, "fmuladd", n, _constant(-1.9082149292705877e-10), rest)
        total = _constant(1.0 / math.factorial(13))
        for k in range(12, -1, -1):
            total = _call(builder, "fmuladd", total, rest, _constant(1.0 / math.factorial(k)))
        whole = builder.add(builder.fptosi(n, WHOLE), ir.Constant(WHOLE, [1023] * LANES))
        factor = builder.bitcast(builder.shl(whole, ir.Constant(WHOLE, [52] * LANES)), VECTOR)
        return builder.fmul(total, factor)

    return lanes_type(a), code


load1: Any
store1: Any
load2: Any
store2: Any
fill: Any
add_product: Any
less_product: Any
subtract: Any
multiply: Any
divide: Any
root: Any
exponential: Any
at_most_one: Any
nan_unless_above: Any

if getattr(config, "DISABLE_JIT", 0):

    def _above(a: Any, limit: float) -> Any:
        return np.where(a > limit, a, np.nan)

    def _put1(array: Any, i: int, value: Any) -> None:
        array[i] = value

    def _put2(array: Any, i: int, j: int, value: Any) -> None:
        array[i, j] = value

    load1, store1 = (lambda array, i: array[i].copy()), _put1
    load2, store2 = (lambda array, i, j: array[i, j].copy()), _put2
    fill, subtract, multiply, divide = (
        lambda value: np.full(LANES, float(value)),
        np.subtract,
        np.multiply,
        np.divide,
    )
    add_product, less_product = (lambda t, a, b: t + a * b), (lambda t, a, b: t - a * b)
    root, exponential, nan_unless_above = np.sqrt, np.exp, _above
    at_most_one = lambda a: np.minimum(a, 1.0)  # noqa: E731
else:
    load1, store1, load2, store2 = _load1, _store1, _load2, _store2
    fill, subtract, multiply, divide = _fill, _subtract, _multiply, _divide
    add_product, less_product = _add_product, _less_product
    root, exponential, nan_unless_above = _root, _exponential, _nan_unless_above
    at_most_one = _at_most_one
