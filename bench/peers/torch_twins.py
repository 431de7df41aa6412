#!/usr/bin/env python3
"""The workloads of bench/ChainRule.Bench in PyTorch, under the same names, as PyTorch's users write them.

Everything is drawn from torch's generator, seed 1: the model's parameters in the order in which its layers are made, then the data. ChainRule draws
the same stream, so both sides begin with the same numbers, and `--check` must print the same on both: the losses of three steps, or three sums over
what was computed.
"""

import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F

import timing

SEED = 1
SQUARES = (32, 64, 128, 256, 512, 1024, 2048)
PRODUCTS = ((32, 30, 200), (32, 200, 27), (768, 128, 384), (768, 128, 512), (768, 512, 128))

# Rows, inputs, hidden layers, classes, batch: TableSize of bench/ChainRule.Bench.
HOUSING, DIGITS = (16_384, 14, (128, 128), 0, 256), (3_800, 64, (100,), 10, 200)


def sums(y):
    """Three sums that see a wrong size, sign or place, and in which nothing cancels."""
    y = y.detach().double().flatten()
    place = torch.arange(y.numel()) % 97
    return [y.abs().mean().item(), y.clamp(min=0).mean().item(), (y.abs() * place).mean().item()]


def function(compute):
    return compute, lambda: sums(compute())


def product(m, k, n, transpose_a=False, transpose_b=False):
    def make():
        torch.manual_seed(SEED)
        a = torch.randn((k, m) if transpose_a else (m, k))
        b = torch.randn((n, k) if transpose_b else (k, n))
        left, right = a.t() if transpose_a else a, b.t() if transpose_b else b
        return function(lambda: left @ right)
    return make


def elementwise(compute):
    def make():
        torch.manual_seed(SEED)
        x, row = torch.randn(1000, 1000), torch.randn(1000)
        return function(lambda: compute(x, row))
    return make


def training(build):
    """What `build` gives: a loss to compute, and an update to make once the gradients are there."""
    def make(dtype=torch.float32):
        torch.manual_seed(SEED)
        loss_of, update, forget = build(dtype)

        def step():
            loss = loss_of()
            forget()
            loss.backward()
            update()
            return loss
        return step, lambda: [step().item() for _ in range(3)]
    return make


def descent(parameters, rate):
    """Plain gradient descent by hand, as in the lectures."""
    def update():
        for p in parameters:
            p.data += -rate * p.grad

    def forget():
        for p in parameters:
            p.grad = None
    return update, forget


def optimized(optimizer):
    return optimizer.step, lambda: optimizer.zero_grad(set_to_none=True)


def mlp_bn(dtype):
    """makemore part 3: three characters, batch norm by hand, batches of 32 picked from as many examples as the lecture has."""
    examples, vocabulary, width, context, hidden, batch = 182_625, 27, 10, 3, 200, 32
    embedding = torch.randn(vocabulary, width).to(dtype)
    w1 = (torch.randn(width * context, hidden) * (5 / 3) / (width * context) ** 0.5).to(dtype)
    w2 = (torch.randn(hidden, vocabulary) * 0.01).to(dtype)
    b2 = torch.zeros(vocabulary, dtype=dtype)
    gain, bias = torch.ones(1, hidden, dtype=dtype), torch.zeros(1, hidden, dtype=dtype)
    running_mean, running_std = torch.zeros(1, hidden, dtype=dtype), torch.ones(1, hidden, dtype=dtype)
    xs, ys = torch.randint(0, vocabulary, (examples, context)), torch.randint(0, vocabulary, (examples,))
    parameters = [embedding, w1, w2, b2, gain, bias]
    for p in parameters:
        p.requires_grad = True

    def loss():
        picked = torch.randint(0, examples, (batch,))
        h = embedding[xs[picked]].view(batch, -1) @ w1
        mean, std = h.mean(0, keepdim=True), h.std(0, keepdim=True)
        with torch.no_grad():
            running_mean.mul_(0.999).add_(mean, alpha=0.001)
            running_std.mul_(0.999).add_(std, alpha=0.001)
        h = torch.tanh(gain * (h - mean) / std + bias)
        return F.cross_entropy(h @ w2 + b2, ys[picked])
    return loss, *descent(parameters, 0.1)


class Pairs(nn.Module):
    """(B, T, C) -> (B, T/2, 2C), and (B, 2C) where one pair is left."""

    def forward(self, x):
        batch, time, channels = x.shape
        return x.view(batch, 2 * channels) if time == 2 else x.view(batch, time // 2, 2 * channels)


class LectureNorm(nn.Module):
    """Batch norm over all axes but the last, written out, with the variance over n - 1: makemore part 5."""

    def __init__(self, features):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x):
        over = tuple(range(x.ndim - 1))
        mean, var = x.mean(over), x.var(over)
        with torch.no_grad():
            self.running_mean.mul_(0.9).add_(mean, alpha=0.1)
            self.running_var.mul_(0.9).add_(var, alpha=0.1)
        return self.weight * ((x - mean) / torch.sqrt(var + 1e-5)) + self.bias


def wavenet(dtype):
    """makemore part 5: eight characters, joined in pairs three times."""
    examples, vocabulary, width, hidden, batch, context = 182_625, 27, 24, 128, 32, 8
    layers = [nn.Embedding(vocabulary, width)]
    for inputs in (width, hidden, hidden):
        layers += [Pairs(), nn.Linear(2 * inputs, hidden, bias=False), LectureNorm(hidden), nn.Tanh()]
    net = nn.Sequential(*layers, nn.Linear(hidden, vocabulary)).to(dtype)
    xs, ys = torch.randint(0, vocabulary, (examples, context)), torch.randint(0, vocabulary, (examples,))

    def loss():
        picked = torch.randint(0, examples, (batch,))
        return F.cross_entropy(net(xs[picked]), ys[picked])
    return loss, *descent(list(net.parameters()), 0.1)


class CharLstm(nn.Module):
    def __init__(self, vocabulary=65, width=64, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocabulary)

    def forward(self, ids):
        return self.head(self.lstm(self.embedding(ids))[0])


def lstm(dtype):
    net = CharLstm().to(dtype)
    x, y = torch.randint(0, 65, (32, 64)), torch.randint(0, 65, (32, 64))
    return lambda: F.cross_entropy(net(x).flatten(0, 1), y.flatten()), *optimized(torch.optim.Adam(net.parameters()))


def cnn(dtype):
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10)).to(dtype)
    x, y = torch.randn(64, 1, 28, 28).to(dtype), torch.randint(0, 10, (64,))
    return lambda: F.cross_entropy(net(x), y), *optimized(torch.optim.Adam(net.parameters()))


def image_cnn(dtype):
    """The zoo's CNN: three blocks of two convolutions with batch norm and a pool; weight decay for matrices alone."""
    layers, inputs = [], 1
    for width in (16, 32, 64):
        for _ in range(2):
            layers += [nn.Conv2d(inputs, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    head = nn.Linear(64 * 3 * 3, 10)
    with torch.no_grad():
        head.weight *= 0.1
        head.bias.zero_()
    net = nn.Sequential(*layers, nn.Flatten(), head).to(dtype)
    x, y = torch.randn(64, 1, 28, 28).to(dtype), torch.randint(0, 10, (64,))
    groups = [{"params": [p for p in net.parameters() if (p.ndim >= 2) == decays], "weight_decay": 0.05 * decays} for decays in (True, False)]
    return lambda: F.cross_entropy(net(x), y), *optimized(torch.optim.AdamW(groups, lr=0.003))


def table(rows, inputs, hidden, classes, batch):
    """A multi-layer perceptron on a table: an epoch is one step, and its loss the mean of its batches' losses."""
    def make(dtype=torch.float32):
        torch.manual_seed(SEED)
        layers, before = [], inputs
        for units in hidden:
            layers += [nn.Linear(before, units), nn.ReLU()]
            before = units
        net = nn.Sequential(*layers, nn.Linear(before, max(1, classes))).to(dtype)
        x = torch.randn(rows, inputs).to(dtype)
        y = torch.randint(0, classes, (rows,)) if classes else torch.randn(rows, 1).to(dtype)
        loss_of = F.cross_entropy if classes else F.mse_loss
        optimizer = torch.optim.Adam(net.parameters())

        def epoch():
            total = 0.0
            for i in range(0, rows, batch):
                loss = loss_of(net(x[i:i + batch]), y[i:i + batch])
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                total += loss.item()
            return total * batch / rows
        return epoch, lambda: [epoch() for _ in range(3)]
    return make


class Attention(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.register_buffer("future", torch.ones(context, context, dtype=torch.bool).triu(1))

    def forward(self, x):
        batch, time, width = x.shape
        q, k, v = (part.view(batch, time, self.heads, -1).transpose(1, 2) for part in self.qkv(x).split(width, dim=2))
        scores = (q @ k.transpose(2, 3)) * self.scale
        weights = F.softmax(scores.masked_fill(self.future[:time, :time], float("-inf")), dim=-1)
        return self.out((weights @ v).transpose(1, 2).reshape(batch, time, width))


class Block(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads, context)
        self.norm2, self.up, self.down = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary, layers, heads, width, context):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.Sequential(*(Block(width, heads, context) for _ in range(layers)))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, ids):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1]))
        return self.head(self.norm(self.blocks(x)))


def gpt(layers, heads, width, context, batch, vocabulary=65):
    def build(dtype):
        net = Gpt(vocabulary, layers, heads, width, context).to(dtype)
        x, y = torch.randint(0, vocabulary, (batch, context)), torch.randint(0, vocabulary, (batch, context))
        return lambda: F.cross_entropy(net(x).flatten(0, 1), y.flatten()), *optimized(torch.optim.AdamW(net.parameters(), lr=1e-3))
    return build


TRAINING = {
    "mlp-bn": training(mlp_bn),
    "mlp-bn-by-hand": training(mlp_bn),
    "wavenet": training(wavenet),
    "lstm": training(lstm),
    "cnn": training(cnn),
    "image-cnn": training(image_cnn),
    "mlp-regressor": table(*HOUSING),
    "mlp-classifier": table(*DIGITS),
    "gpt": training(gpt(4, 4, 128, 64, 12)),
    "gpt-small": training(gpt(4, 4, 64, 32, 16)),
}

WORKLOADS = {
    **{f"gemm-{n}": product(n, n, n) for n in SQUARES},
    **{f"gemm-nt-{n}": product(n, n, n, transpose_b=True) for n in SQUARES},
    **{f"gemm-tn-{n}": product(n, n, n, transpose_a=True) for n in SQUARES},
    **{f"gemm-{m}x{k}x{n}": product(m, k, n) for m, k, n in PRODUCTS},
    "elementwise-tanh": elementwise(lambda x, row: torch.tanh(x)),
    "elementwise-exp": elementwise(lambda x, row: torch.exp(x)),
    "elementwise-gelu": elementwise(lambda x, row: F.gelu(x)),
    "elementwise-add-row": elementwise(lambda x, row: x + row),
    "elementwise-mul": elementwise(lambda x, row: x * x),
    "elementwise-softmax": elementwise(lambda x, row: F.softmax(x, -1)),
    "elementwise-sum-0": elementwise(lambda x, row: x.sum(0)),
    **TRAINING,
}


def about():
    """What does the products, by the libraries that are mapped into this process once it has done one."""
    torch.randn(64, 64) @ torch.randn(64, 64)
    try:
        mapped = {pathlib.Path(line.split()[-1]).name for line in open("/proc/self/maps") if "/" in line}
    except OSError:
        mapped = set()
    blas = sorted(name for name in mapped if any(word in name.lower() for word in ("blas", "mkl", "blis")))
    if torch.backends.mkl.is_available():
        blas.append("MKL")
    capability = torch.__config__.show().partition("CPU capability usage:")[2].split("\n")[0].strip()
    timing.say(torch=torch.__version__, blas=blas, capability=capability, threads=torch.get_num_threads())


if __name__ == "__main__":
    given = timing.options(__doc__.split("\n")[0])
    torch.set_num_threads(given.threads)
    about() if given.about else timing.run(WORKLOADS, given)
