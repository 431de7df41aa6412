"""Records what PyTorch draws for new weights into init.json: float32, torch.manual_seed(42), the default generator's stream.

A case holds, for each tensor drawn, "NAME.first" (the first ten numbers), "NAME.last" (the last five) and "NAME.sum" (added up in float64,
in order) under "state"; args.shape is the tensor's. Numbers are float32 to the last bit. Up to fifteen numbers are drawn one by one;
sixteen and more go through the vectorised normal, whose polynomials another processor may round otherwise in the last bit.
"""

import torch
import torch.nn as nn

from golden import Recording, exact, given, named

SEED = 42
init = Recording("init.json")
torch.set_default_dtype(torch.float32)


def excerpt(name, x):
    x = x.detach().flatten().double()
    return {f"{name}.first": x[:10], f"{name}.last": x[-5:], f"{name}.sum": x.cumsum(0)[-1]}


def layer(op, make, **args):
    torch.manual_seed(SEED)
    state = {key: value for name, p in make().state_dict().items() for key, value in excerpt(name, p).items()}
    init.add(op, op + "".join(f", {key} {value}" for key, value in args.items()), {"seed": SEED, **args}, state=named(state, exact))


def fill(op, f, shape, **args):
    torch.manual_seed(SEED)
    x = torch.empty(shape)
    f(x)
    label = f"{op} of {list(shape)}" + "".join(f", {key} {value}" for key, value in args.items())
    init.add(op, label, {"seed": SEED, "shape": list(shape), **args}, state=named(excerpt("weight", x), exact))


layer("linear", lambda: nn.Linear(30, 200), in_features=30, out_features=200, bias=True)
layer("linear", lambda: nn.Linear(3, 4), in_features=3, out_features=4, bias=True)
layer("linear", lambda: nn.Linear(200, 27, bias=False), in_features=200, out_features=27, bias=False)
layer("embedding", lambda: nn.Embedding(27, 10), rows=27, columns=10)
layer("embedding", lambda: nn.Embedding(3, 4), rows=3, columns=4)
layer("sequential", lambda: nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), note="linear 3 to 5, tanh, linear 5 to 2")
layer("conv2d", lambda: nn.Conv2d(1, 32, 3, padding=1), inputs=1, outputs=32, kernel=3, bias=True)
layer("conv2d", lambda: nn.Conv2d(3, 2, 5, bias=False), inputs=3, outputs=2, kernel=5, bias=False)

SHAPES = ((20, 30), (3, 4), (8, 3, 3, 3))
NONLINEARITIES = (("relu", {}), ("leaky_relu", {"slope": 0.2}), ("tanh", {}), ("linear", {}))
for shape in SHAPES:
    fill("uniform", lambda x: nn.init.uniform_(x, -0.5, 0.5), shape, low=-0.5, high=0.5)
    fill("normal", lambda x: nn.init.normal_(x, 0, 0.02), shape, mean=0, std=0.02)
    for gain in (1, 5 / 3):
        fill("xavier_uniform", lambda x: nn.init.xavier_uniform_(x, gain), shape, gain=gain)
        fill("xavier_normal", lambda x: nn.init.xavier_normal_(x, gain), shape, gain=gain)
    for mode in ("fan_in", "fan_out"):
        for nonlinearity, more in NONLINEARITIES:
            slope = more.get("slope", 0)
            args = {"mode": mode, "nonlinearity": nonlinearity, **more}
            fill("kaiming_uniform", lambda x: nn.init.kaiming_uniform_(x, slope, mode, nonlinearity), shape, **args)
            fill("kaiming_normal", lambda x: nn.init.kaiming_normal_(x, slope, mode, nonlinearity), shape, **args)

    fill("orthogonal", lambda x: nn.init.orthogonal_(x, 1.5), shape, gain=1.5)
    for low, high in ((-2, 2), (-0.1, 0.3)):
        fill("truncated_normal", lambda x: nn.init.trunc_normal_(x, 0.1, 0.5, low, high), shape, mean=0.1, std=0.5, low=low, high=high)

GAINS = (*((name, None) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")), ("leaky_relu", 0.2))
for nonlinearity, slope in GAINS:
    args = {"nonlinearity": nonlinearity} if slope is None else {"nonlinearity": nonlinearity, "slope": slope}
    gain = torch.tensor(nn.init.calculate_gain(nonlinearity, slope), dtype=torch.float64)
    init.add("gain", "gain" + "".join(f", {key} {value}" for key, value in args.items()), args, output=given(gain))
init.write()
