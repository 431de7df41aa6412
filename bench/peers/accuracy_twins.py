#!/usr/bin/env python3
"""The cases of bench/ChainRule.Bench/Accuracy in PyTorch, and how far off both sides are.

Given a folder of what ChainRule computed, prints a line of JSON for each case: the largest error of either side relative to the largest number of its
tensor. Right is what PyTorch computes in float64 from the same float32 numbers.
"""

import argparse
import json
import pathlib

import numpy
import torch
import torch.nn.functional as F

KINDS = ("uniform", "far", "normal", "alternating")
CASES = {}


def draw(kind, *shape):
    if kind == "uniform":
        return torch.rand(shape)
    if kind == "far":
        return torch.rand(shape) + 10_000
    if kind == "normal":
        return torch.randn(shape)
    count = torch.Size(shape).numel()
    return ((torch.rand(count // 2, 2) + 1) * torch.tensor([1.0, -1.0])).reshape(shape)


def case(name, seeds, inputs, compute):
    CASES[name] = (seeds, inputs, lambda *x: (compute(*x),))


def gradient(name, seeds, inputs, compute, kind, only=slice(None)):
    """The gradients of the inputs, where that of the output is drawn."""
    def drawn():
        x = inputs()
        with torch.no_grad():
            return *x, draw(kind, *compute(*x).shape)

    def gradients(*given):
        *x, dy = given
        for one in x:
            if one.is_floating_point():
                one.requires_grad = True
        compute(*x).backward(dy)
        return tuple(one.grad for one in x if one.is_floating_point())[only]
    CASES[name] = (seeds, drawn, gradients)


def reductions():
    def of(name, kind, shape, compute, seeds=5):
        case(name, seeds, lambda: (draw(kind, *shape),), compute)

    def loss(name, kind, count, compute):
        case(name, 5, lambda: (draw(kind, count), draw(kind, count)), compute)

    for kind in KINDS:
        of(f"sum-{kind}-1000000", kind, (1_000_000,), torch.sum, seeds=9)
    for kind in KINDS:
        of(f"mean-{kind}-1000", kind, (1000,), torch.mean, seeds=50)
    of("sum-uniform-10000000", "uniform", (10_000_000,), torch.sum)
    of("mean-far-10000000", "far", (10_000_000,), torch.mean)
    of("sum-uniform-100000000", "uniform", (100_000_000,), torch.sum, seeds=1)
    of("mean-far-100000000", "far", (100_000_000,), torch.mean, seeds=1)
    of("sum-0-uniform-1000000x8", "uniform", (1_000_000, 8), lambda x: x.sum(0))
    of("sum-0-normal-1000000x8", "normal", (1_000_000, 8), lambda x: x.sum(0))
    of("sum-0-uniform-1000x1000", "uniform", (1000, 1000), lambda x: x.sum(0))
    of("sum-1-uniform-1000x1000", "uniform", (1000, 1000), lambda x: x.sum(1))
    of("sum-1-normal-30000x33", "normal", (30_000, 33), lambda x: x.sum(1))
    of("mean-02-uniform-64x16x784", "uniform", (64, 16, 784), lambda x: x.mean((0, 2)))
    of("var-uniform-1000000", "uniform", (1_000_000,), torch.var)
    of("var-normal-10000000", "normal", (10_000_000,), torch.var)
    of("var-far-10000000", "far", (10_000_000,), torch.var)
    of("var-0-far-8388608x2", "far", (1 << 23, 2), lambda x: x.var(0), seeds=1)
    of("var-0-normal-1000x1000", "normal", (1000, 1000), lambda x: x.var(0))
    of("std-1-uniform-4096x32", "uniform", (4096, 32), lambda x: x.std(1))
    of("std-0-far-100000x10", "far", (100_000, 10), lambda x: x.std(0))
    of("softmax-normal-16x50000", "normal", (16, 50_000), lambda x: x.softmax(-1))
    of("log-sum-exp-normal-16x50000", "normal", (16, 50_000), lambda x: x.logsumexp(-1))
    loss("mse-normal-10000000", "normal", 10_000_000, F.mse_loss)
    loss("mse-far-1000000", "far", 1_000_000, F.mse_loss)
    loss("l1-normal-1000000", "normal", 1_000_000, F.l1_loss)
    loss("huber-normal-1000000", "normal", 1_000_000, F.huber_loss)
    loss("binary-cross-entropy-uniform-1000000", "uniform", 1_000_000, F.binary_cross_entropy_with_logits)
    case("cross-entropy-normal-228146x27", 5, lambda: (torch.randn(228_146, 27), torch.randint(0, 27, (228_146,))), F.cross_entropy)
    case("batch-norm-uniform-50000x16", 1, lambda: (torch.rand(50_000, 16),), lambda x: F.batch_norm(x, None, None, training=True))
    case("layer-norm-normal-100x5000", 1, lambda: (torch.randn(100, 5000),), lambda x: F.layer_norm(x, (5000,)))


def products():
    def of(name, kind, a, b, seeds=5, compute=torch.matmul):
        case(name, seeds, lambda: (draw(kind, *a), draw(kind, *b)), compute)

    def convolution(name, kind, x, w):
        of(name, kind, x, w, seeds=1, compute=lambda x, w: F.conv2d(x, w, padding=1))

    for kind in KINDS:
        of(f"dot-{kind}-1000000", kind, (1_000_000,), (1_000_000,), seeds=9)
    of("dot-uniform-1000", "uniform", (1000,), (1000,), seeds=50)
    of("matmul-uniform-1x100000000x1", "uniform", (1, 100_000_000), (100_000_000, 1), seeds=1)
    of("matmul-uniform-4x1000000x4", "uniform", (4, 1_000_000), (1_000_000, 4))
    of("matmul-normal-4x1000000x4", "normal", (4, 1_000_000), (1_000_000, 4))
    of("matmul-uniform-100x300x70", "uniform", (100, 300), (300, 70))
    of("matmul-uniform-512x512x512", "uniform", (512, 512), (512, 512), seeds=1)
    of("matmul-normal-1024x1024x256", "normal", (1024, 1024), (1024, 256), seeds=1)
    of("matmul-normal-64x20000x64", "normal", (64, 20_000), (20_000, 64), seeds=1)
    of("matmul-nt-uniform-128x3000x65", "uniform", (128, 3000), (65, 3000), seeds=1, compute=lambda a, b: a @ b.t())
    of("matmul-tn-normal-27x228146x64", "normal", (228_146, 27), (228_146, 64), seeds=1, compute=lambda a, b: a.t() @ b)
    of("matmul-batch-uniform-32x64x700x48", "uniform", (32, 64, 700), (32, 700, 48), seeds=1)
    of("matrix-vector-uniform-1000x1000", "uniform", (1000, 1000), (1000,))
    of("matrix-vector-normal-200x50", "normal", (200, 50), (50,))
    of("vector-matrix-uniform-1000x1000", "uniform", (1000,), (1000, 1000))
    of("vector-matrix-nt-uniform-300x200", "uniform", (300,), (200, 300), compute=lambda a, b: a @ b.t())
    case("linear-far-bias-256x128x64", 5, lambda: (torch.rand(256, 128), torch.rand(64, 128), draw("far", 64)), F.linear)
    convolution("conv2d-normal-16x32x28x28", "normal", (16, 32, 28, 28), (64, 32, 3, 3))
    convolution("conv2d-uniform-4x128x14x14", "uniform", (4, 128, 14, 14), (128, 128, 3, 3))


def attention(x, w, heads=4):
    batch, steps, width = x.shape
    q, k, v = (part.view(batch, steps, heads, -1).transpose(1, 2) for part in (x @ w).split(width, dim=2))
    return (F.softmax(q @ k.transpose(2, 3) * (width // heads) ** -0.5, dim=-1) @ v).transpose(1, 2).reshape(batch, steps, width)


def lstm(x, *weights):
    state = x.new_zeros(1, x.shape[0], weights[1].shape[1])
    return torch._VF.lstm(x, (state, state), list(weights), True, 1, 0.0, True, False, True)[0]


def gradients():
    def broadcast(name, x, small):
        for kind in ("uniform", "normal"):
            for op, compute in (("add", torch.add), ("mul", torch.mul)):
                gradient(f"gradient-{op}-{name}-{kind}", 5, lambda: (torch.rand(x), torch.rand(small)), compute, kind, slice(1, None))

    def convolution(name, kind, x, w):
        gradient(name, 1, lambda: (draw(kind, *x), draw(kind, *w), draw(kind, w[0])), lambda x, w, b: F.conv2d(x, w, b, padding=1), kind)

    broadcast("row", (228_146, 27), (27,))
    broadcast("factor", (228_146, 27), ())
    broadcast("column", (64, 100_000), (64, 1))
    broadcast("channel", (64, 16, 784), (16, 1))
    broadcast("middle", (500, 8, 500), (500, 1, 500))
    gradient("gradient-batch-of-matrices", 1, lambda: (torch.rand(8, 12), torch.rand(3000, 12, 10)), torch.matmul, "uniform", slice(1))
    gradient("gradient-linear-228146x32x27", 1, lambda: (torch.rand(228_146, 32), torch.rand(27, 32), torch.rand(27)), F.linear, "uniform", slice(1, None))
    gradient("gradient-embedding-228146", 1, lambda: (torch.randint(0, 27, (228_146,)), torch.rand(27, 16)), F.embedding, "uniform")
    convolution("gradient-conv2d-uniform-16x32x28x28", "uniform", (16, 32, 28, 28), (64, 32, 3, 3))
    convolution("gradient-conv2d-normal-16x32x28x28", "normal", (16, 32, 28, 28), (64, 32, 3, 3))
    convolution("gradient-conv2d-uniform-2000x1x28x28", "uniform", (2000, 1, 28, 28), (4, 1, 3, 3))
    gradient("gradient-layer-norm-100000x32", 1, lambda: (torch.randn(100_000, 32), torch.rand(32), torch.rand(32)),
             lambda x, w, b: F.layer_norm(x, (32,), w, b), "uniform")
    gradient("gradient-batch-norm-100000x32", 1, lambda: (torch.randn(100_000, 32), torch.rand(32), torch.rand(32)),
             lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), "uniform")
    gradient("gradient-lstm-32x100x20x40", 1,
             lambda: (torch.randn(32, 100, 20), *(torch.randn(*shape) * 0.1 for shape in ((160, 20), (160, 40), (160,), (160,)))), lstm, "uniform")
    gradient("gradient-attention-4x300x32", 1, lambda: (torch.randn(4, 300, 32), torch.randn(32, 96) * 0.1), attention, "uniform")
    gradient("gradient-softmax-normal-16x50000", 1, lambda: (torch.randn(16, 50_000),), lambda x: x.softmax(-1), "uniform")
    gradient("gradient-var-far-1000000", 1, lambda: (draw("far", 1_000_000),), torch.var, "uniform")


def double(x):
    return x.detach().double() if x.is_floating_point() else x


def compared(name, folder):
    """The largest errors of both sides, over all seeds and tensors."""
    seeds, inputs, compute = CASES[name]
    numbers, ours, theirs = numpy.fromfile(folder / f"{name}.f32", numpy.float32), 0.0, 0.0
    for seed in range(1, seeds + 1):
        torch.manual_seed(seed)
        given = inputs()
        result = [y.detach() for y in compute(*given)]
        right = [y.detach() for y in compute(*map(double, given))]
        for y, exact in zip(result, right):
            mine, numbers = torch.from_numpy(numbers[:y.numel()].copy()).view(y.shape), numbers[y.numel():]
            largest = exact.abs().max().item()
            ours = max(ours, (mine.double() - exact).abs().max().item() / largest)
            theirs = max(theirs, (y.double() - exact).abs().max().item() / largest)
    if len(numbers):
        raise SystemExit(f"accuracy: {name}: ChainRule computed {len(numbers)} numbers more than PyTorch")
    return {"name": name, "ours": ours, "theirs": theirs}


reductions()
products()
gradients()

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="what ChainRule computed: a file of float32 for each case")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for name in CASES:
        if (arguments.folder / f"{name}.f32").exists():
            print(json.dumps(compared(name, arguments.folder)), flush=True)
