"""Records values and gradients of the tensor operations from PyTorch into ops.json."""

import torch
import torch.nn.functional as F

from golden import Recording, exactly, normal, positive, single

ops = Recording("ops.json")
NAN = float("nan")

BROADCASTS = [
    ([3, 4], [3, 4]), ([3, 4], [4]), ([4], [3, 4]), ([3, 4], [3, 1]), ([3, 1], [1, 4]), ([3, 4], []), ([], [2, 3]), ([2, 3], [1]),
    ([4, 1, 3], [2, 1]), ([2, 3, 4], [3, 1]), ([2, 1, 3, 1], [4, 1, 5]), ([2, 3, 2, 2], [1, 3, 1, 1]),
]


def arithmetic():
    for a, b in BROADCASTS:
        ops.function("add", torch.add, normal(*a), normal(*b))
        ops.function("subtract", torch.sub, normal(*a), normal(*b))
        ops.function("multiply", torch.mul, normal(*a), normal(*b))
        ops.function("divide", torch.div, normal(*a), positive(*b))
        ops.function("maximum", torch.maximum, normal(*a), normal(*b))
        ops.function("minimum", torch.minimum, normal(*a), normal(*b))
    ops.function("divide", torch.div, normal(3, 4), exactly([-2.5, -0.5, 0.75, 3.0]), note="negative denominators")
    ops.function("divide", torch.div, [1.0, -1.0, 2.0], [0.0, 0.0, 4.0], note="by zero", forward_only=True)
    ties = [1.0, 2.0, -3.0, 0.0], [1.0, -2.0, -3.0, 0.0]
    ops.function("maximum", torch.maximum, *ties, note="each of two equals gets half the gradient")
    ops.function("minimum", torch.minimum, *ties, note="each of two equals gets half the gradient")
    ops.function("maximum", torch.maximum, [NAN, 1.0, 2.0], [1.0, NAN, 3.0], note="NaN stays NaN", forward_only=True)
    ops.function("minimum", torch.minimum, [NAN, 1.0, 2.0], [1.0, NAN, 3.0], note="NaN stays NaN", forward_only=True)
    for exponent in (2, 3, 0.5, -1):
        ops.function("pow", lambda x: x**exponent, positive(3, 4), exponent=exponent)
    for exponent in (2, 3, -1):
        ops.function("pow", lambda x: x**exponent, [[-2.0, -0.5, 1.5], [0.25, -3.0, 1.0]], exponent=exponent, note="negative bases")
    ops.function("pow", lambda x: x**2, [0.0, -1.0, 2.0], exponent=2, note="at zero")
    ops.function("pow", lambda x: x**3, [0.0, -1.0, 2.0], exponent=3, note="at zero")


def functions():
    everywhere = {"neg": torch.neg, "exp": torch.exp, "abs": torch.abs, "square": torch.square, "sin": torch.sin, "cos": torch.cos}
    for op, f in everywhere.items():
        ops.function(op, f, normal(3, 4))
        ops.function(op, f, [[0.0, 1.0, -1.0], [1e-4, -1e-4, 0.5]], note="at and near zero")
    for op, f in {"log": torch.log, "sqrt": torch.sqrt}.items():
        ops.function(op, f, positive(3, 4))
        ops.function(op, f, [1e-4, 1e-2, 30.0, 1e4], note="small and large")
    ops.function("log", torch.log, [0.0, 1.0, -1.0], note="at zero and below", forward_only=True)
    ops.function("sqrt", torch.sqrt, [0.0, 1.0, -1.0], note="at zero and below", forward_only=True)
    ops.function("reciprocal", torch.reciprocal, positive(3, 4))
    ops.function("reciprocal", torch.reciprocal, [-4.0, -0.5, 0.125, 30.0], note="both signs")
    ops.function("exp", torch.exp, [-30.0, -5.0, 5.0, 30.0], note="small and large")
    ops.function("exp", torch.exp, [-1e4, 0.0, 1e4], note="underflow and overflow", forward_only=True)
    ops.function("sin", torch.sin, [-30.0, 30.0, 100.0], note="many turns")
    ops.function("cos", torch.cos, [-30.0, 30.0, 100.0], note="many turns")
    for low, high in ((-0.5, 0.5), (0, None), (None, 0)):
        limits = {key: value for key, value in (("min", low), ("max", high)) if value is not None}
        ops.function("clamp", lambda x: torch.clamp(x, low, high), normal(3, 4), **limits)
    ops.function("clamp", lambda x: torch.clamp(x, -1, 1), [-2.0, -1.0, 0.0, 1.0, 2.0], min=-1, max=1, note="a bound itself passes its gradient")
    for op, f in {"exp": torch.exp, "abs": torch.abs, "clamp": lambda x: torch.clamp(x, -1, 1)}.items():
        limits = {"min": -1, "max": 1} if op == "clamp" else {}
        ops.function(op, f, [NAN, 0.5], note="NaN stays NaN", forward_only=True, **limits)


ACTIVATIONS = [
    ("relu", F.relu, {}),
    ("leaky_relu", lambda x: F.leaky_relu(x, 0.01), {"slope": 0.01}),
    ("leaky_relu", lambda x: F.leaky_relu(x, 0.2), {"slope": 0.2}),
    ("elu", F.elu, {"alpha": 1}),
    ("elu", lambda x: F.elu(x, 0.5), {"alpha": 0.5}),
    ("gelu", F.gelu, {}),
    ("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), {}),
    ("silu", F.silu, {}),
    ("softplus", F.softplus, {}),
    ("sigmoid", torch.sigmoid, {}),
    ("tanh", torch.tanh, {}),
    ("selu", F.selu, {}),
    ("celu", F.celu, {"alpha": 1}),
    ("celu", lambda x: F.celu(x, 0.5), {"alpha": 0.5}),
    ("mish", F.mish, {}),
    ("softsign", F.softsign, {}),
    ("log_sigmoid", F.logsigmoid, {}),
    ("tanhshrink", F.tanhshrink, {}),
    ("hardtanh", F.hardtanh, {"min": -1, "max": 1}),
    ("hardtanh", lambda x: F.hardtanh(x, -0.25, 2), {"min": -0.25, "max": 2}),
    ("relu6", F.relu6, {}),
    # The derivative of F.hardsigmoid is 1/6 rounded to float32, in float64 too.
    ("hardsigmoid", lambda x: F.relu6(x + 3) / 6, {}),
    ("hardswish", F.hardswish, {}),
    ("hardshrink", F.hardshrink, {"lambda": 0.5}),
    ("softshrink", F.softshrink, {"lambda": 0.5}),
    ("softshrink", lambda x: F.softshrink(x, 0.125), {"lambda": 0.125}),
]
NEAR_ZERO_IN_FLOAT64 = {"elu", "selu", "celu"}


def activations():
    for op, f, args in ACTIVATIONS:
        ops.function(op, f, normal(3, 4), **args)
        ops.function(op, f, normal(2, 3, 4, scale=3.0), **args)
        ops.function(op, f, [0.0], note="at zero", **args)
        # PyTorch's float32 ELU takes exp(x) - 1, which loses what expm1 keeps: no fair comparison there.
        # Its x - tanh x has hardly a digit left there, in float64 too.
        if op != "tanhshrink":
            ops.function(op, f, [-1e-4, 1e-4], note="near zero", float64_only=op in NEAR_ZERO_IN_FLOAT64, **args)
        ops.function(op, f, [-30.0, -1.0, 0.5, 30.0], note="at 30", **args)
        ops.function(op, f, [-1e4, -1.0, 0.5, 1e4], note="at 10000", **args)
        # PyTorch's softshrink makes 0 of NaN.
        if op != "softshrink":
            ops.function(op, f, [NAN, 0.5], note="NaN stays NaN", forward_only=True, **args)


def steps():
    # A comparison has no gradient in PyTorch; the 0 · x gives it the one it has.
    for threshold in (0.0, 0.5):
        step = lambda x: (x >= threshold).to(x) + 0 * x
        ops.function("step", step, normal(3, 4), threshold=threshold)
        ops.function("step", step, [threshold, threshold - 1e-4, threshold + 1e-4, -0.0], threshold=threshold, note="at the threshold")
    ops.function("step", lambda x: (x >= 0).to(x) + 0 * x, [NAN, 0.5], threshold=0.0, note="NaN stays NaN", forward_only=True)


def reductions():
    axis_sets = {
        (5,): [None, [0]],
        (3, 4): [None, [0], [1], [-1], [-2], [0, 1]],
        (2, 3, 4): [None, [0], [1], [2], [-1], [0, 1], [0, 2], [1, 2], [0, -1]],
        (2, 3, 1, 4): [[0, 2, 3], [1, 3]],
    }
    for shape, choices in axis_sets.items():
        for axes in choices:
            for keepdim in (False, True):
                where = {} if axes is None else {"axes": axes}
                dims = list(range(len(shape))) if axes is None else axes
                for op, f in (("sum", torch.sum), ("mean", torch.mean)):
                    ops.function(op, lambda x: f(x, dims, keepdim=keepdim), normal(*shape), **where, keepdim=keepdim)
                for op, f in (("var", torch.var), ("std", torch.std)):
                    for unbiased in (True, False):
                        ops.function(op, lambda x: f(x, dims, unbiased=unbiased, keepdim=keepdim), normal(*shape),
                                     **where, keepdim=keepdim, unbiased=unbiased)
    ops.function("var", lambda x: x.var(0, unbiased=False), lambda g: single(normal(6, 2)(g) + 100), axes=[0], keepdim=False, unbiased=False,
                 note="far from zero")
    ops.function("sum", torch.sum, [NAN, 0.5], keepdim=False, note="NaN stays NaN", forward_only=True)


def norms():
    for shape, choices in (((5,), ([0], None)), ((3, 4), ([0], [1], None)), ((2, 3, 4), ([1], [0, 2]))):
        for axes in choices:
            where = {} if axes is None else {"axes": axes}
            dims = list(range(len(shape))) if axes is None else axes
            for order in (1, 2, 3.5):
                ops.function("norm", lambda x: torch.linalg.vector_norm(x, order, dims, keepdim=True), normal(*shape), **where, keepdim=True, order=order)
    ops.function("norm", lambda x: torch.linalg.vector_norm(x, 2, [0]), [[0.0, 3.0], [0.0, 4.0]], axes=[0], keepdim=False, order=2, note="a vector of zeros")
    ops.function("norm", lambda x: torch.linalg.vector_norm(x, 3.5, [0]), [[0.0, 0.0], [0.0, 4.0]], axes=[0], keepdim=False, order=3.5, note="zeros")
    ops.function("std", lambda x: x.std(0), [[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]], axes=[0], keepdim=False, unbiased=True, note="equal numbers")
    for axis in (0, 1):
        ops.function("distance", lambda a, b: torch.linalg.vector_norm(a - b, 2, axis), normal(3, 4), normal(3, 4), axis=axis)
        ops.function("cosine_similarity", lambda a, b: F.cosine_similarity(a, b, axis), normal(3, 4), normal(3, 4), axis=axis)
    ops.function("cosine_similarity", lambda a, b: F.cosine_similarity(a, b, 1), normal(3, 4), normal(1, 4), axis=1, note="against one")


def extremes():
    for op, f in (("max", torch.max), ("min", torch.min)):
        for shape in ((5,), (3, 4), (2, 3, 4)):
            ops.function(op, f, normal(*shape), keepdim=False)
            for axis in [*range(len(shape)), -1]:
                for keepdim in (False, True):
                    ops.function(op, lambda x: f(x, axis, keepdim=keepdim)[0], normal(*shape), axis=axis, keepdim=keepdim)
        ties = [[1.0, 3.0, 3.0, 1.0], [2.0, 2.0, 2.0, 2.0], [3.0, 1.0, 1.0, 3.0]]
        ops.function(op, f, ties, keepdim=False, note="over everything, equals share the gradient evenly")
        for axis in (0, 1):
            ops.function(op, lambda x: f(x, axis)[0], ties, axis=axis, keepdim=False, note="along an axis, the first of equals gets the gradient")
        ops.function(op, lambda x: f(x, 1)[0], [[NAN, 1.0], [0.0, NAN], [2.0, 1.0]], axis=1, keepdim=False, note="NaN stays NaN", forward_only=True)
    for shape in ((5,), (3, 4), (2, 3, 4)):
        ops.function("argmax", torch.argmax, normal(*shape), keepdim=False)
        for axis in [*range(len(shape)), -1]:
            for keepdim in (False, True):
                ops.function("argmax", lambda x: torch.argmax(x, axis, keepdim), normal(*shape), axis=axis, keepdim=keepdim)
    ops.function("argmax", lambda x: torch.argmax(x, 1), [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [-1.0, -5.0, -1.0]], axis=1, keepdim=False,
                 note="the first of equals")


def comparisons():
    pairs = [1.0, 2.0, NAN, 0.0, -1.0, float("inf")], [1.0, 1.0, 1.0, -0.0, 2.0, float("inf")]
    for op, f in (("greater", torch.gt), ("greater_or_equal", torch.ge), ("less", torch.lt), ("less_or_equal", torch.le), ("equal", torch.eq), ("not_equal", torch.ne)):
        ops.function(op, lambda a, b: f(a, b).double(), *pairs, forward_only=True)
    ops.function("is_nan", lambda x: x.isnan().double(), [NAN, 1.0, float("inf")], forward_only=True)


def more_functions():
    for op, f in (("floor", torch.floor), ("ceil", torch.ceil), ("round", torch.round), ("sign", torch.sign), ("erf", torch.erf)):
        ops.function(op, f, normal(3, 4, scale=2.0))
        ops.function(op, f, [[0.5, 1.5, -0.5], [2.5, 0.0, -2.75]], note="halves")
    ops.function("erf", torch.erf, [1e-6, 1e-3, 0.9, 1.1, 3.0, -5.0], note="small and large")
    ops.function("log1p", torch.log1p, positive(3, 4))
    ops.function("log1p", torch.log1p, [1e-7, -1e-7, 1e-3, -0.5, 30.0], note="near zero")
    for a, b in BROADCASTS[:8]:
        ops.function("power", torch.pow, positive(*a), normal(*b))
    ops.function("power", torch.pow, [0.0, 0.0, 0.0, 2.0], [2.0, 1.0, 3.0, 0.0], note="zeros")
    for shape, axes in (((5,), [0]), ((3, 4), [0]), ((3, 4), [1]), ((2, 3, 4), [1])):
        for keepdim in (False, True):
            ops.function("prod", lambda x: x.prod(axes[0], keepdim=keepdim), normal(*shape), axes=axes, keepdim=keepdim)
    ops.function("prod", torch.prod, normal(2, 3), keepdim=False)
    ops.function("prod", lambda x: x.prod(1), [[2.0, 0.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0]], axes=[1], keepdim=False, note="zeros")
    for shape in ((5,), (3, 4), (2, 3, 4)):
        for axis in [*range(len(shape)), -1]:
            ops.function("argmin", lambda x: torch.argmin(x, axis), normal(*shape), axis=axis, keepdim=False)
            for descending in (False, True):
                ops.function("sort", lambda x: torch.sort(x, dim=axis, descending=descending)[0], normal(*shape), axis=axis, descending=descending)
                ops.function("argsort", lambda x: torch.sort(x, dim=axis, descending=descending, stable=True)[1].double(), normal(*shape), axis=axis, descending=descending, forward_only=True)
                ops.function("topk", lambda x: torch.topk(x, 2, axis, largest=not descending)[0], normal(*shape), axis=axis, k=2, largest=not descending)
            for keepdim in (False, True):
                ops.function("max_with_indices", lambda x: torch.max(x, axis, keepdim)[0], normal(*shape), axis=axis, keepdim=keepdim)
                ops.function("min_with_indices", lambda x: torch.min(x, axis, keepdim)[0], normal(*shape), axis=axis, keepdim=keepdim)
    ops.function("max_with_indices", lambda x: torch.max(x, 1)[0], [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]], axis=1, keepdim=False, note="the first of equals gets the gradient")


def arrangements():
    for shape, axes in (((5,), [0]), ((3, 4), [1]), ((3, 4), [0, 1]), ((2, 3, 4), [0, 2]), ((2, 3, 4), [1])):
        ops.function("flip", lambda x: x.flip(axes), normal(*shape), axes=axes)
    for shape, counts in (((3,), [2]), ((3,), [2, 2]), ((2, 3), [2, 3]), ((2, 3), [4, 1, 2])):
        ops.function("repeat", lambda x: x.repeat(counts), normal(*shape), counts=counts)
    for shape, axis, sizes in (((6,), 0, [1, 2, 3]), ((3, 5), 1, [2, 3]), ((2, 4, 3), -2, [1, 3])):
        ops.function("split", lambda x: sum((i + 1) * part.sum() for i, part in enumerate(torch.split(x, sizes, axis))), normal(*shape), axis=axis, sizes=sizes)
    for shape, a, b in (((3, 3), 0, 1), ((2, 3, 3), -2, -1), ((3, 2, 3), 0, 2)):
        ops.function("diagonal", lambda x: torch.diagonal(x, 0, a, b), normal(*shape), axes=[a, b])
    for shape, axis, index in (((3, 4), 1, [[0, 3], [1, 2], [3, 0]]), ((3, 4), 0, [[2, 0, 1, 1]]), ((5,), 0, [4, 0, 2]), ((2, 3, 4), 1, [[[0, 1, 2, 0]], [[1, 1, 0, 2]]])):
        ids = torch.tensor(index)
        ops.function("scatter", lambda x, s: x.scatter(axis, ids, s), normal(*shape), normal(*ids.shape), ids=ids, axis=axis, note=f"indices {index}")
    for shape, axis, index in (((3, 4), 1, [[0, 0], [1, 1], [3, 0]]), ((3, 4), 0, [[2, 0, 1, 1], [2, 0, 0, 1]]), ((5,), 0, [4, 0, 4])):
        ids = torch.tensor(index)
        ops.function("scatter_add", lambda x, s: x.scatter_add(axis, ids, s), normal(*shape), normal(*ids.shape), ids=ids, axis=axis, note=f"indices {index}")
    for shape, axis, index in (((4, 3), 0, [1, 1, 3]), ((3, 4), 1, [0, 2, 0, 0, 1]), ((2, 3, 4), 1, [2, 0]), ((5,), 0, [4, 4])):
        ids = torch.tensor(index)
        source = list(shape)
        source[axis] = len(index)
        ops.function("index_add", lambda x, s: x.index_add(axis, ids, s), normal(*shape), normal(*source), ids=ids, axis=axis, note=f"indices {index}")
        ops.function("index_select", lambda x: x.index_select(axis, ids), normal(*shape), ids=ids, axis=axis, note=f"indices {index}")
    for equation, shapes in (
        ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk", [(2, 3), (3, 4)]), ("bhtd,bhsd->bhts", [(2, 2, 3, 4), (2, 2, 5, 4)]), ("ii->", [(3, 3)]), ("ii->i", [(3, 3)]),
        ("ij->ji", [(2, 3)]), ("ij->", [(2, 3)]), ("i,j->ij", [(2,), (3,)]), ("i,i->", [(4,), (4,)]), ("i,i->i", [(4,), (4,)]), ("bi,bj->bij", [(2, 3), (2, 4)]),
        ("ijk,ilm,njm,nlk,abc->", [(2, 3, 2), (2, 2, 3), (2, 3, 3), (2, 2, 2), (1, 2, 1)]), ("...ij->...ji", [(2, 2, 3)]), ("...ij,...jk->...ik", [(2, 2, 3), (2, 3, 4)]),
        ("ij,kl->ik", [(2, 3), (3, 2)]), ("bij,j->bi", [(2, 3, 4), (4,)]), ("iij,jk->ik", [(3, 3, 2), (2, 4)]), ("ab,bc,cd->ad", [(2, 3), (3, 4), (4, 2)]), ("ba", [(2, 3)]),
    ):
        ops.function("einsum", lambda *xs: torch.einsum(equation, *xs), *[normal(*shape) for shape in shapes], equation=equation)


def padded_attention():
    for shape, heads, causal, padding in (
        ((2, 4, 6), 2, False, [[0, 0, 0, 1], [0, 1, 0, 0]]), ((2, 4, 6), 1, True, [[0, 0, 1, 1], [0, 1, 0, 0]]), ((1, 3, 12), 2, True, [[0, 0, 0]]),
    ):
        mask = torch.tensor(padding)

        def attend(x):
            b, t, c = x.shape
            q, k, v = x.reshape(b, t, 3, heads, c // 3 // heads).permute(2, 0, 3, 1, 4)
            logits = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
            hidden = mask.bool()[:, None, None, :]
            if causal:
                hidden = hidden | torch.ones(t, t).triu(1).bool()
            return (logits.masked_fill(hidden, float("-inf")).softmax(-1) @ v).transpose(1, 2).reshape(b, t, c // 3)

        ops.function("padded_attention", attend, normal(*shape), ids=mask, heads=heads, causal=causal)


def shapes():
    for before, after in (((2, 6), [3, 4]), ((2, 3, 4), [6, 4]), ((2, 3, 4), [2, -1]), ((12,), [2, 3, 2]), ((1,), []), ((), [1, 1])):
        ops.function("reshape", lambda x: x.reshape(after), normal(*before), shape=after)
    for shape, axes in (((2, 3), [1, 0]), ((2, 3, 4), [2, 0, 1]), ((2, 3, 4), [0, 2, 1]), ((2, 3, 2, 2), [0, 2, 1, 3]), ((2, 3, 2, 2), [3, 1, 0, 2])):
        ops.function("permute", lambda x: x.permute(axes), normal(*shape), axes=axes)
    for shape, (a, b) in (((2, 3), (0, 1)), ((2, 3, 4), (1, 2)), ((2, 3, 4), (0, 2)), ((2, 3, 4), (-2, -1)), ((2, 3, 2, 2), (1, 2))):
        ops.function("transpose", lambda x: x.transpose(a, b), normal(*shape), axes=[a, b])
    for shape, starts, stops, steps in (
        ((6,), [1], [5], [1]), ((6,), [0], [6], [2]), ((6,), [-4], [-1], [1]), ((6,), [5], [6], [1]),
        ((3, 4), [1, 0], [3, 4], [1, 1]), ((3, 4), [0, 1], [3, 4], [1, 2]), ((3, 4), [0, 1], [2, 3], [1, 1]), ((3, 4), [0, -1], [3, 4], [1, 1]),
        ((4, 3, 5), [0, 1, 0], [4, 2, 5], [3, 1, 2]),
    ):
        cut = tuple(slice(*one) for one in zip(starts, stops, steps))
        ops.function("slice", lambda x: x[cut], normal(*shape), starts=starts, stops=stops, steps=steps)
    for shape, axis, index in (((5,), 0, 2), ((3, 4), 0, 1), ((3, 4), 1, -1), ((2, 3, 4), 1, 0), ((2, 3, 4), -1, 3)):
        ops.function("select", lambda x: x.select(axis, index), normal(*shape), axis=axis, index=index)
    for axis, parts in (
        (0, [(2, 3), (1, 3)]), (1, [(2, 3), (2, 1)]), (-1, [(2, 3), (2, 2)]), (0, [(2,), (3,), (1,)]), (1, [(2, 1, 3), (2, 2, 3), (2, 1, 3)]),
    ):
        ops.function("concat", lambda *xs: torch.cat(xs, axis), *[normal(*part) for part in parts], axis=axis)
    for axis in (0, 1, -1):
        ops.function("stack", lambda *xs: torch.stack(xs, axis), normal(2, 3), normal(2, 3), normal(2, 3), axis=axis)
    ops.function("stack", lambda *xs: torch.stack(xs), normal(), normal(), axis=0)
    for before, after in (((3, 1), [3, 4]), ((1, 4), [3, 4]), ((4,), [2, 3, 4]), ((), [2, 2]), ((2, 1, 3, 1), [2, 2, 3, 2])):
        ops.function("expand", lambda x: x.expand(after), normal(*before), shape=after)


def picks():
    for table, rows in (((5, 3), [0, 4, 2]), ((5, 3), [[1, 1, 3], [4, 1, 0]]), ((4, 2), [2, 2, 2, 2]), ((4,), [3, 0, 3])):
        ids = torch.tensor(rows)
        ops.function("gather_rows", lambda w: w[ids], normal(*table), ids=ids, note=f"rows {rows}")
    for shape, axis, index in (
        ((3, 4), 1, [[0], [3], [1]]), ((3, 4), 1, [[0, 0, 2], [3, 1, 3], [2, 2, 2]]), ((3, 4), 0, [[2, 0, 1, 1]]),
        ((2, 3, 4), -1, [[[1], [0], [3]], [[2], [2], [0]]]), ((5,), 0, [4, 4, 0]),
        ((3, 4), 1, [[2], [0]]), ((3, 4), 0, [[2, 0]]), ((2, 3, 4), 1, [[[2, 0], [1, 1], [0, 0], [2, 2]]]),
    ):
        ids = torch.tensor(index)
        ops.function("gather", lambda x: x.gather(axis, ids), normal(*shape), ids=ids, axis=axis, note=f"indices {index}")
    mask = torch.tensor([[1, 0, 1, 0], [0, 0, 1, 1], [1, 1, 1, 0]])
    for a, b in (((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), ()), ((2, 3, 4), (3, 4))):
        ops.function("where", lambda x, y: torch.where(mask.bool(), x, y), normal(*a), normal(*b), ids=mask)
    triangle = torch.ones(3, 3).triu(1).long()
    ops.function("masked_fill", lambda x: x.masked_fill(mask.bool(), -2.5), normal(3, 4), ids=mask, value=-2.5)
    ops.function("masked_fill", lambda x: x.masked_fill(triangle.bool(), 0), normal(2, 3, 3), ids=triangle, value=0, note="a mask that broadcasts")
    ops.function("masked_fill", lambda x: x.masked_fill(triangle.bool(), float("-inf")).softmax(-1), normal(2, 3, 3), ids=triangle, value="-Infinity",
                 note="causal: -Infinity above the diagonal, then softmax along the last axis")
    for diagonal in (0, 1, -1):
        ops.function("tril", lambda x: x.tril(diagonal), normal(3, 4), diagonal=diagonal)
    ops.function("tril", torch.tril, normal(2, 3, 3), diagonal=0)


def products():
    for a, b in (
        ((2, 3), (3, 4)), ((1, 3), (3, 1)), ((5, 7), (7, 6)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 2, 3, 4), (2, 2, 4, 3)),
        ((2, 1, 3, 4), (5, 4, 2)), ((1, 3, 4), (2, 4, 2)), ((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 3)), ((2, 3, 4), (4,)), ((4,), (2, 4, 3)),
    ):
        ops.function("matmul", torch.matmul, normal(*a), normal(*b), transpose_a=False, transpose_b=False)
    for a, b, ta, tb in (
        ((3, 2), (3, 4), True, False), ((2, 3), (4, 3), False, True), ((3, 2), (4, 3), True, True), ((2, 3, 4), (5, 4), False, True),
        ((2, 2, 3, 4), (2, 2, 3, 4), False, True), ((2, 2, 3, 4), (2, 2, 3, 5), True, False), ((2, 3, 4), (2, 5, 3), True, True),
    ):
        turn = lambda x, flag: x.transpose(-1, -2) if flag else x
        ops.function("matmul", lambda x, y: turn(x, ta) @ turn(y, tb), normal(*a), normal(*b), transpose_a=ta, transpose_b=tb)
    ops.function("matmul", torch.matmul, normal(17, 33), normal(33, 19), transpose_a=False, transpose_b=False)


def rows():
    huge = [[1e4, -1e4, 0.0, 1.0], [-1e4, -1e4, -1e4, -1e4], [1e4, 1e4, 9999.0, 0.0]]
    for op, f in (("softmax", F.softmax), ("log_softmax", F.log_softmax)):
        for shape, axis in (((5,), 0), ((3, 4), -1), ((3, 4), 0), ((3, 4), 1), ((2, 3, 4), 1), ((2, 3, 4), 0), ((2, 3, 4), -1), ((3, 1), -1)):
            ops.function(op, lambda x: f(x, axis), normal(*shape, scale=2.0), axis=axis)
        ops.function(op, lambda x: f(x, -1), huge, axis=-1, note="logits of ±10000")
    for shape, axis in (((5,), 0), ((3, 4), -1), ((3, 4), 0), ((2, 3, 4), 1)):
        for keepdim in (False, True):
            ops.function("logsumexp", lambda x: torch.logsumexp(x, axis, keepdim), normal(*shape, scale=2.0), axis=axis, keepdim=keepdim)
    # The slope exp(x - y) inherits the rounding of y, which near 10000 is 0.0005 in float32.
    ops.function("logsumexp", lambda x: torch.logsumexp(x, -1), huge, axis=-1, keepdim=False, note="logits of ±10000", float64_only=True)
    for shape, axis in (((5,), 0), ((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 1)):
        ops.function("cumsum", lambda x: torch.cumsum(x, axis), normal(*shape), axis=axis)


def weighted_bags():
    for ids, offsets, padding in (([[3, 0, 3], [1, 1, 2]], None, None), ([[3, 2, 3], [2, 2, 4]], None, 2), ([3, 0, 3, 1, 4, 4], [0, 2, 2, 5], None)):
        ids = torch.tensor(ids)
        more = ({} if offsets is None else {"offsets": offsets}) | ({} if padding is None else {"padding_index": padding})
        ops.function("weighted_bag", lambda w, p: torch.nn.functional.embedding_bag(ids, w, None if offsets is None else torch.tensor(offsets), mode="sum",
                     per_sample_weights=p, padding_idx=padding), normal(5, 3), normal(*ids.shape), ids=ids, note=f"ids {ids.tolist()}", **more)


for record in (arithmetic, functions, activations, reductions, norms, padded_attention, comparisons, more_functions, extremes, arrangements, shapes, picks, products, rows, steps, weighted_bags):
    record()
ops.write()
