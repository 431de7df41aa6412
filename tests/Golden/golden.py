"""What the recording scripts share: inputs, the float32 audit, and the file format.

A file is a JSON array with one case a line; each record_NAME.py writes NAME.json beside it, and writing it again changes nothing: a line whose name is
there already stays as it is, because processors differ in the last digits. To record a case anew, delete its line first.

    op        what is computed, such as "softmax"
    name      unique in its file, made of the op, the shapes and the settings: "softmax of [3, 4], axis -1"
    args      the settings by name; an absent one has its default (axes: all of them)
    inputs    tensors, {"shape": [3, 4], "data": [...]}, row-major
    ids       integers of the same form: rows, classes, indices, or a mask of 0 and 1
    output    the result
    upstream  dy, in the shape of the output
    grads     for each input the gradient of sum(output * upstream), null where the input was held constant
    state, state_grads, steps
              for what lives longer than one call; the scripts of layers, init and optim say more

Numbers are computed in float64 from inputs that float32 holds exactly, so that one
recording serves both number types. Inputs and states are written to the last bit, computed numbers to 14 significant digits
(tests compare at 1e-10 in float64), which keeps the files small and free of what differs between processors.
NaN and the infinities are the strings "NaN", "Infinity", "-Infinity".

Every case draws its inputs from a generator seeded by its own name: adding a case changes no other.
"""

import json
import math
import pathlib
import zlib

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

FLOAT32_TOLERANCE = 1e-5


def generator(name):
    return torch.Generator().manual_seed(zlib.crc32(name.encode()))


def single(x):
    """The nearest numbers that float32 can hold, as float64."""
    return x.detach().float().double()


def normal(*shape, scale=1.0):
    return lambda g: single(torch.randn(shape, generator=g) * scale)


def positive(*shape):
    """Numbers between 0.5 and 2.5: far enough from zero for logarithms, roots and denominators."""
    return lambda g: single(torch.rand(shape, generator=g) * 2 + 0.5)


def exactly(values):
    return lambda g: single(torch.tensor(values))


def made(spec, g):
    """A spec is a function of a generator, or the values themselves."""
    return spec(g) if callable(spec) else exactly(spec)(g)


def shape_text(tensor):
    return "[" + ", ".join(map(str, tensor.shape)) + "]"


def exact(x):
    x = float(x)
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    return int(x) if x == int(x) and abs(x) < 2**53 else x


def rounded(x):
    return exact(f"{float(x):.14g}")


def tensor(x, number=rounded):
    if x is None:
        return None
    return {"shape": list(x.shape), "data": [number(v) for v in x.detach().flatten().tolist()]}


def given(x):
    return tensor(x, exact)


def named(tensors, number=rounded):
    return {name: tensor(x, number) for name, x in tensors.items()}


def assert_float32_agrees(what, expected, actual):
    """PyTorch's own float32 must pass the comparison that ours has to pass; where it cannot, the case is not a fair one."""
    for e, a in zip(expected, actual):
        if e is None:
            continue
        e, a = e.detach().double().flatten(), a.detach().double().flatten()
        finite = e[e.isfinite()]
        floor = finite.abs().mean() if finite.numel() else torch.tensor(0.0)
        special = ~e.isfinite()
        assert torch.equal(e[special].nan_to_num(), a[special].nan_to_num()), f"{what}: NaN or infinity in one only: {e} {a}"
        excess = ((finite - a[~special]).abs() / torch.maximum(finite.abs(), floor).clamp_min(1e-300)).nan_to_num()
        worst = excess.max().item() if finite.numel() else 0.0
        assert worst <= FLOAT32_TOLERANCE, f"{what}: float32 is off by {worst:.1e}: {e.tolist()} {a.tolist()}"


class Recording:
    """The cases of one file, in the order in which they were recorded."""

    def __init__(self, file):
        self.path = pathlib.Path(__file__).parent / file
        self.cases = []
        self.names = set()

    def add(self, op, name, args=None, **fields):
        assert name not in self.names, f"two cases are named '{name}'"
        self.names.add(name)
        case = {"op": op, "name": name, "args": args or {}, **fields}
        self.cases.append(case)
        return case

    def function(self, op, compute, *inputs, note="", ids=None, constant=(), forward_only=False, float64_only=False, **args):
        """Records y = compute(*inputs) and the gradients of sum(y * upstream); inputs listed in `constant` get none (null)."""
        label = f"{op} of " + " and ".join(shape_text(made(spec, generator("shape"))) for spec in inputs)
        label += "".join(f", {key} {value}" for key, value in args.items()) + (f": {note}" if note else "")
        g = generator(label)
        values = [made(spec, g) for spec in inputs]
        upstream = []

        def run(dtype):
            xs = [v.detach().clone().to(dtype).requires_grad_(not forward_only and i not in constant) for i, v in enumerate(values)]
            y = compute(*xs)
            if forward_only or not y.is_floating_point():
                return y, []
            if not upstream:
                upstream.append(single(torch.randn(y.shape, generator=g)))
            (y * upstream[0].to(dtype)).sum().backward()
            return y, [None if i in constant else torch.zeros_like(x) if x.grad is None else x.grad for i, x in enumerate(xs)]

        y, grads = run(torch.float64)
        if float64_only:
            args["float64_only"] = True
        else:
            y32, grads32 = run(torch.float32)
            assert_float32_agrees(label, [y, *grads], [y32, *grads32])

        case = self.add(op, label, args, inputs=[given(v) for v in values])
        if ids is not None:
            case["ids"] = given(ids)
        case["output"] = tensor(y)
        if upstream:
            case["upstream"] = given(upstream[0])
            case["grads"] = [tensor(grad) for grad in grads]

    def write(self):
        known = self.path.read_text(encoding="utf-8").splitlines()[1:-1] if self.path.exists() else []
        kept = {json.loads(line.rstrip(","))["name"]: line.rstrip(",") for line in known}
        lines = ",\n".join(kept.get(case["name"]) or json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in self.cases)
        self.path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        print(f"{self.path.name}: {len(self.cases)} cases, {self.path.stat().st_size / 1000:.0f} kB")
