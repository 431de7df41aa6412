"""Records random.json: what the streams of torch, Python and NumPy hand out, call by call, for the tests of the Randomness room.

Run with a Python that has torch, numpy and scikit-learn (recorded with torch 1.13 on a processor with AVX2, numpy 1.24, Python 3.11):
    python3 record_random.py
A float32 is written as the double it is exactly; a float64 by its shortest form that reads back the same.
"""
import base64
import hashlib
import json
import random
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import make_moons

SIZES = [1, 5, 15, 16, 17, 24, 32, 100]
SEEDS = [42, 2147483647, 1337, 0, 2**40 + 5]
DTYPES = {"float32": torch.float32, "float64": torch.float64}
WEIGHTS = [0.1, 0.4, 0.0, 2.5, 1.0, 0.7, 0.05]


def torch_call(what, n=1, dtype="float32", a=0, b=0):
    kind = DTYPES[dtype]
    if what == "rand":
        out = torch.rand(n, dtype=kind)
    elif what == "uniform":
        out = torch.empty(n, dtype=kind).uniform_(a, b)
    elif what == "randn":
        out = torch.randn(n, dtype=kind)
    elif what == "normal":
        out = torch.empty(n, dtype=kind).normal_(a, b)
    elif what == "randint":
        out = torch.randint(a, b, (n,))
    elif what == "randperm":
        out = torch.randperm(n)
    elif what == "bernoulli":
        out = torch.empty(n, dtype=kind).bernoulli_(a)
    elif what == "multinomial":  # a: with replacement
        out = torch.multinomial(torch.tensor(WEIGHTS, dtype=kind), n, replacement=bool(a))
    elif what == "state":
        return {"what": what, "state": base64.b64encode(bytes(torch.get_rng_state().tolist())).decode()}
    return {"what": what, "n": n, "dtype": dtype, "a": a, "b": b, "out": out.tolist()}


def torch_streams():
    per_dtype = {
        "uniform": lambda t, n: [("rand", n, t), ("uniform", n, t, -0.1, 0.3), ("uniform", n, t, 2, 7.7)],
        "normal": lambda t, n: [("randn", n, t), ("normal", n, t, 0.3, 1.7)],
        "bernoulli": lambda t, n: [("bernoulli", n, t, 0.3), ("bernoulli", n, t, 1.0)],
    }
    for seed in SEEDS:
        sizes = SIZES if seed == 42 else [5, 17]
        for name, calls in per_dtype.items():
            for t in DTYPES:
                yield name, seed, [c for n in sizes for c in calls(t, n)]
        yield "integers", seed, [("randint", 20, "float32", low, high) for low, high in
                                 ((0, 27), (-3, 1000), (-2**31, 2**31), (0, 2**32 - 1), (0, 2**32), (-5, 2**40), (-2**62, 2**62))]
        yield "permutation", seed, [("randperm", n) for n in SIZES + [0, 700]]
        for t in DTYPES:
            yield "multinomial", seed, ([("multinomial", 1, t)] * 20 + [("multinomial", 4, t), ("multinomial", 6, t)]
                                        + [("multinomial", 1, t, 1), ("multinomial", 50, t, 1)])
        yield "mixed", seed, [("state",), ("randn", 5), ("state",), ("rand", 3), ("randn", 20), ("randn", 1, "float64"), ("randn", 1),
                              ("randint", 3, "float32", 0, 10), ("randn", 2), ("state",), ("randperm", 7), ("rand", 600), ("state",),
                              ("normal", 3, "float64", -1, 0.5), ("normal", 1, "float32", 5, 2), ("bernoulli", 9, "float32", 0.5)]


def python_stream(seed):
    random.seed(seed)
    shuffled = list(range(20))
    yield "random", [random.random() for _ in range(5)]
    yield "uniform", [random.uniform(-1, 1) for _ in range(5)]
    random.shuffle(shuffled)
    yield "shuffle", shuffled
    for n, k in ((10, 4), (21, 5), (22, 5), (80, 10), (85, 10), (86, 10), (1000, 10), (5, 5), (7, 0)):
        yield f"sample {n} {k}", random.sample(range(n), k)
    yield "randint", [random.randint(-3, 1000) for _ in range(10)]
    yield "randint wide", [random.randint(-2**31, 2**31 - 1) for _ in range(5)]
    yield "randbelow", [random.randrange(2**40 + 3) for _ in range(5)]
    yield "choice", [random.choice(range(7)) for _ in range(10)]
    yield "gauss", [random.gauss(0.3, 1.7) for _ in range(3)]
    yield "random", [random.random()]
    yield "gauss", [random.gauss(0.0, 1.0) for _ in range(2)]


def numpy_stream(seed):
    np.random.seed(seed)
    yield "rand", np.random.rand(5).tolist()
    yield "normal", np.random.normal(0.3, 1.7, 5).tolist()
    yield "rand", np.random.rand(2).tolist()
    yield "normal", np.random.normal(0, 1, 2).tolist()
    shuffled = np.arange(20)
    np.random.shuffle(shuffled)
    yield "shuffle", shuffled.tolist()
    yield "permutation", np.random.permutation(13).tolist()
    yield "randint", [int(np.random.randint(-3, 1000)) for _ in range(10)]
    yield "randint one", [int(np.random.randint(4, 5)) for _ in range(2)]
    yield "randint wide", np.random.randint(-2**31, 2**31 - 1, 5).tolist()
    yield "uniform", np.random.uniform(-2, 3, 5).tolist()


def write(file):
    streams = []
    for name, seed, calls in torch_streams():
        torch.manual_seed(seed)
        streams.append({"name": name, "seed": seed, "calls": [torch_call(*c) for c in calls]})
    pairs = lambda stream: [{"what": what, "out": out} for what, out in stream]
    golden = {
        "weights": WEIGHTS,
        "torch": streams,
        "python": [{"seed": s, "calls": pairs(python_stream(s))} for s in (42, 1337, 0, -7, 2**33 + 5)],
        "numpy": [{"seed": s, "calls": pairs(numpy_stream(s))} for s in (42, 1337, 0, 2**32 - 1)],
    }
    torch.manual_seed(42)
    golden["normalsSha256"] = hashlib.sha256(torch.randn(100_000).numpy().tobytes()).hexdigest()
    np.random.seed(1337)
    points, labels = make_moons(n_samples=100, noise=0.1)
    golden["moons"] = {"points": points.ravel().tolist(), "labels": labels.tolist()}
    text = json.dumps(golden).replace('{"name"', '\n{"name"').replace('{"seed"', '\n{"seed"').replace('{"what"', '\n{"what"')
    Path(file).write_text(text.replace(', \n', ',\n') + "\n")


write(Path(__file__).with_name("random.json"))
