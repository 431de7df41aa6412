"""Records layers from PyTorch into layers.json; golden_layers.py says what a case holds."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from golden import exact, generator, given, named, normal
from golden_layers import LayerRecording

layers = LayerRecording("layers.json")
layer = layers.layer


class LastAxisBatchNorm(nn.BatchNorm1d):
    """Features on the last axis, statistics over all the others; PyTorch wants features on axis 1."""

    def forward(self, x):
        return super().forward(x.movedim(-1, 1)).movedim(1, -1)


class FlattenConsecutive(nn.Module):
    """(B, T, C) -> (B, T/n, n·C), and (B, n·C) where T/n is one."""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        b, t, c = x.shape
        y = x.reshape(b, t // self.n, c * self.n)
        return y.squeeze(1) if y.shape[1] == 1 else y


class RmsNorm(nn.Module):
    """PyTorch has it from version 2.4 on."""

    def __init__(self, features, eps, affine=True):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features)) if affine else None
        self.eps = eps

    def forward(self, x):
        y = x / (x.square().mean(-1, keepdim=True) + self.eps).sqrt()
        return y if self.weight is None else y * self.weight


class RadialBasis(nn.Module):
    def __init__(self, centres, columns):
        super().__init__()
        self.centres = nn.Parameter(torch.zeros(centres, columns))
        self.width = nn.Parameter(torch.ones(centres))

    def forward(self, x):
        squared = (x.unsqueeze(-2) - self.centres).square().sum(-1)
        return torch.exp(-squared / (2 * self.width.square()))


class Residual(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Stack(nn.Module):
    """A sequence whose members are called layers.0, layers.1, …"""

    def __init__(self, *members):
        super().__init__()
        self.layers = nn.ModuleList(members)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def linear_and_embedding():
    for bias in (True, False):
        for shape in ((3, 4), (2, 3, 4), (1, 4)):
            layer("linear", lambda: nn.Linear(4, 5, bias), [normal(*shape)], in_features=4, out_features=5, bias=bias, note=f"on {list(shape)}")
    for rows in ([3, 0, 3], [[1, 1, 2], [4, 0, 1]]):
        layer("embedding", lambda: nn.Embedding(5, 3), ids=torch.tensor(rows), rows=5, columns=3, note=f"rows {rows}")


def norms():
    for shape in ((6, 3), (2, 4, 3)):
        for momentum in (0.1, 0.01):
            layer("batch_norm", lambda: LastAxisBatchNorm(3, momentum=momentum), [normal(*shape, scale=2.0)], modes=(True, True, True, False, True),
                  features=3, momentum=momentum, eps=1e-5, note=f"on {list(shape)}, three training steps, one of evaluation, one of training")
    layer("batch_norm", lambda: LastAxisBatchNorm(3, eps=0.1), [normal(5, 3)], modes=(True, False), features=3, momentum=0.1, eps=0.1,
          note="a large eps")
    layer("batch_norm", lambda: LastAxisBatchNorm(3), [normal(5, 3)], modes=(False,), features=3, momentum=0.1, eps=1e-5,
          note="evaluation before any training")
    for shape in ((4, 5), (2, 3, 5), (5,)):
        layer("layer_norm", lambda: nn.LayerNorm(5), [normal(*shape, scale=2.0)], features=5, eps=1e-5, affine=True, note=f"on {list(shape)}")
    for groups, shape in ((1, (3, 4)), (2, (3, 6)), (4, (2, 4, 5)), (2, (2, 4, 3, 3)), (3, (2, 6, 2, 1))):
        layer("group_norm", lambda: nn.GroupNorm(groups, shape[1]), [normal(*shape, scale=2.0)], groups=groups, channels=shape[1], affine=True, note=f"on {list(shape)}")
    layer("group_norm", lambda: nn.GroupNorm(2, 4, affine=False), [normal(2, 4, 3)], groups=2, channels=4, affine=False, note="without gain and bias")
    for shape in ((5,), (4, 5), (2, 3, 5)):
        layer("rms_norm", lambda: RmsNorm(5, 1e-6), [normal(*shape, scale=2.0)], features=5, eps=1e-6, affine=True, note=f"on {list(shape)}")
    layer("rms_norm", lambda: RmsNorm(5, 0.1, False), [normal(3, 5)], features=5, eps=0.1, affine=False, note="without a gain")
    layer("layer_norm", lambda: nn.LayerNorm(5, elementwise_affine=False), [normal(2, 3, 5)], features=5, eps=1e-5, affine=False, note="on [2, 3, 5]")
    layer("layer_norm", lambda: nn.LayerNorm(5, eps=0.1), [normal(3, 5)], features=5, eps=0.1, affine=True, note="a large eps")


def compositions():
    layer("residual", lambda: Residual(nn.Linear(4, 4)), [normal(3, 4)], features=4, note="around linear")
    layer("residual", lambda: Residual(Stack(nn.LayerNorm(4), nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 4))), [normal(2, 3, 4)], features=4, hidden=6,
          note="around layer norm, linear, gelu, linear")
    for n, shape in ((2, (2, 4, 3)), (2, (3, 2, 3)), (4, (2, 4, 3)), (4, (2, 8, 2))):
        layer("flatten_consecutive", lambda: FlattenConsecutive(n), [normal(*shape)], n=n, note=f"on {list(shape)}")
    layer("sequential", lambda: Stack(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3), nn.ReLU()), [normal(5, 4)],
          note="linear 4 to 6, tanh, linear 6 to 3, relu")


def wavenet():
    """Makemore part 5 in small: a tree over eight characters of a vocabulary of seven, from ids to loss, by the cross-entropy of its logits."""
    def make():
        levels = []
        for fan_in in (2 * 4, 2 * 6, 2 * 6):
            levels += [FlattenConsecutive(2), nn.Linear(fan_in, 6, bias=False), LastAxisBatchNorm(6), nn.Tanh()]
        return Stack(nn.Embedding(7, 4), *levels, nn.Linear(6, 7))

    ids = torch.randint(0, 7, (5, 8), generator=generator("wavenet ids"))
    targets = torch.tensor([3, 0, 6, 1, 1])
    layer("wavenet", make, ids=ids, targets=targets, modes=(True, True, False), vocabulary=7, columns=4, hidden=6, momentum=0.1, eps=1e-5,
          note="two training steps and one of evaluation; the output is the loss")


def windows():
    for kernel, stride, padding, bias in ((3, 1, 1, True), (3, 2, 0, False), (1, 1, 0, True), (5, 2, 2, True)):
        layer("conv2d", lambda: nn.Conv2d(3, 4, kernel, stride, padding, bias=bias), [normal(2, 3, 6, 5)], in_channels=3, out_channels=4, kernel=kernel,
              stride=stride, padding=padding, bias=bias, note="on [2, 3, 6, 5]")
    for kernel, stride, padding in ((2, 2, 0), (3, 2, 1)):
        layer("max_pool2d", lambda: nn.MaxPool2d(kernel, stride, padding), [normal(2, 3, 6, 5)], kernel=kernel, stride=stride, padding=padding,
              note="on [2, 3, 6, 5]")
        layer("average_pool2d", lambda: nn.AvgPool2d(kernel, stride, padding), [normal(2, 3, 6, 5)], kernel=kernel, stride=stride, padding=padding,
              note="on [2, 3, 6, 5]")
    layer("convnet", lambda: Stack(nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                   nn.Flatten(), nn.Linear(16, 5)), [normal(3, 1, 8, 8)], targets=torch.tensor([4, 0, 2]),
          note="conv 1 to 3, relu, pool, conv 3 to 4, relu, pool, linear 16 to 5, on [3, 1, 8, 8]; the output is the loss")


def dropout():
    """The default generator's own stream: element i is kept when its draw, 53 bits from two words, the high one first, is below 1 - p.
    (PyTorch built with MKL draws its masks elsewhere; this is the build without.)"""
    for seed in (42, 1337):
        for p in (0.5, 0.2):
            for shape in ((10,), (100,), (4, 5)):
                torch.manual_seed(seed)
                mask = F.dropout(torch.ones(shape, dtype=torch.float32), p)
                layers.add("dropout", f"dropout of ones {list(shape)}, p {p}, seed {seed}", {"p": p, "seed": seed}, output=given(mask))
    torch.manual_seed(42)
    twice = [F.dropout(torch.ones(7, dtype=torch.float32), 0.5) for _ in range(2)]
    layers.add("dropout", "dropout of ones [2, 7], p 0.5, seed 42, drawn as two calls of seven", {"p": 0.5, "seed": 42},
               output=given(torch.stack(twice)))


def more_windows():
    for mode in ("zeros", "reflect", "replicate", "circular"):
        layer("conv1d", lambda: nn.Conv1d(3, 4, 3, 2, 2, padding_mode=mode), [normal(2, 3, 7)], padding_mode=mode, note="3 to 4 channels, kernel 3, stride 2, padding 2, on [2, 3, 7]")
        layer("conv2d_mode", lambda: nn.Conv2d(2, 3, (3, 5), padding=(1, 2), padding_mode=mode), [normal(2, 2, 4, 5)], padding_mode=mode,
              note="2 to 3 channels, kernel 3 by 5, padding 1 by 2, on [2, 2, 4, 5]")
    for bias in (True, False):
        layer("conv_transpose1d", lambda: nn.ConvTranspose1d(3, 4, 3, 2, 1, 1, bias=bias), [normal(2, 3, 5)], bias=bias,
              note="3 to 4 channels, kernel 3, stride 2, padding 1, output padding 1, on [2, 3, 5]")
        layer("conv_transpose2d", lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2, bias=bias), [normal(2, 4, 3, 4)], bias=bias,
              note="4 to 6 channels in 2 groups, kernel 3, stride 2, padding 1, output padding 1, on [2, 4, 3, 4]")
    for name, make in (("conv1d", lambda: nn.Conv1d(4, 6, 3, groups=2)), ("conv_transpose1d", lambda: nn.ConvTranspose1d(4, 6, 3, groups=2)),
                       ("conv_transpose2d", lambda: nn.ConvTranspose2d(4, 6, 3, groups=2)), ("embedding_bag", lambda: nn.EmbeddingBag(5, 3, padding_idx=2))):
        torch.manual_seed(42)
        torch.set_default_dtype(torch.float32)
        drawn = make().state_dict()
        torch.set_default_dtype(torch.float64)
        layers.add("drawn", f"drawn, {name}", {"layer": name, "seed": 42}, state=named(drawn, exact))


class Bags(nn.EmbeddingBag):
    """Bags in a row, from where each begins."""

    def __init__(self, offsets, **more):
        super().__init__(5, 3, **more)
        self.offsets = offsets

    def forward(self, ids):
        return super().forward(ids, None if self.offsets is None else torch.tensor(self.offsets))


def bags():
    for mode in ("sum", "mean", "max"):
        for rows, offsets, padding in (([[3, 0, 3], [1, 1, 2]], None, None), ([[3, 2, 3], [2, 2, 2], [4, 2, 0]], None, 2), ([3, 0, 3, 1, 4, 4], [0, 2, 2, 5], None),
                                       ([3, 2, 2, 1, 4, 4], [0, 1, 3], 2), ([1, 0], [0, 0, 2], None)):
            settings = {"mode": mode} | ({} if offsets is None else {"offsets": offsets}) | ({} if padding is None else {"padding_index": padding})
            layer("embedding_bag", lambda: Bags(offsets, mode=mode, padding_idx=padding), ids=torch.tensor(rows), note=f"ids {rows}", **settings)


class ChannelsBatchNorm(nn.BatchNorm1d):
    def _check_input_dim(self, x):
        pass


def more_norms():
    for shape in ((6, 3), (4, 3, 5), (3, 3, 2, 4), (2, 3, 8, 9)):
        layer("batch_norm_axis", lambda: ChannelsBatchNorm(3), [normal(*shape, scale=2.0)], modes=(True, True, False), features=3,
              note=f"channels on axis 1 of {list(shape)}, two training steps and one of evaluation")
    for shape, row in (((2, 3, 4), [3, 4]), ((2, 3, 2, 4), [3, 2, 4]), ((3, 4), [3, 4]), ((2, 2, 3, 1), [3, 1])):
        for more in ({}, {"elementwise_affine": False}):
            layer("layer_norm_shape", lambda: nn.LayerNorm(row, **more), [normal(*shape, scale=2.0)], shape=row, affine=not more, note=f"on {list(shape)}")
    for axis in (-1, 1):
        layer("log_softmax", lambda: nn.LogSoftmax(axis), [normal(2, 4, 3)], axis=axis, note="on [2, 4, 3]")
        layer("softmax", lambda: nn.Softmax(axis), [normal(2, 4, 3)], axis=axis, note="on [2, 4, 3]")


def radial_basis():
    for shape in ((5, 3), (2, 4, 3)):
        layer("radial_basis", lambda: RadialBasis(4, 3), [normal(*shape)], spread=lambda name: 0.1 if name == "width" else 1.0, shift=1.5, centres=4, columns=3,
              note=f"on {list(shape)}")


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Shortcut(nn.Module):
    """f(x) + s(x)."""

    def __init__(self, inner, shortcut):
        super().__init__()
        self.inner, self.shortcut = inner, shortcut

    def forward(self, x):
        return self.inner(x) + self.shortcut(x)


def norms_without():
    for settings in ({"affine": False}, {"track_running_stats": False}, {"affine": False, "track_running_stats": False}):
        for shape in ((6, 3), (4, 3, 5), (3, 3, 4, 5)):
            layer("batch_norm_without", lambda: ChannelsBatchNorm(3, **settings), [normal(*shape, scale=2.0)], modes=(True, False), features=3,
                  note=f"channels on axis 1 of {list(shape)}, one training step and one of evaluation", **settings)


def convolutions_in_groups():
    for mode in ("zeros", "reflect", "replicate", "circular"):
        for groups, dilation in ((2, 2), (4, 1), (4, 2)):
            settings = {"groups": groups, "dilation": dilation, "padding_mode": mode}
            layer("conv1d_groups", lambda: nn.Conv1d(4, 8, 3, 2, 3, **settings), [normal(2, 4, 7)],
                  note="4 to 8 channels, kernel 3, stride 2, padding 3, on [2, 4, 7]", **settings)
            layer("conv2d_groups", lambda: nn.Conv2d(4, 8, (3, 2), (1, 2), (2, 1), **settings), [normal(2, 4, 6, 5)],
                  note="4 to 8 channels, kernel 3 by 2, stride 1 by 2, padding 2 by 1, on [2, 4, 6, 5]", **settings)
    for groups, dilation in ((2, 2), (4, 1), (4, 3)):
        settings = {"groups": groups, "dilation": dilation}
        layer("conv_transpose1d_groups", lambda: nn.ConvTranspose1d(4, 8, 3, 2, 1, 1, **settings), [normal(2, 4, 5)],
              note="4 to 8 channels, kernel 3, stride 2, padding 1, output padding 1, on [2, 4, 5]", **settings)
        layer("conv_transpose2d_groups", lambda: nn.ConvTranspose2d(4, 8, (3, 2), 2, 1, 1, **settings), [normal(2, 4, 3, 4)],
              note="4 to 8 channels, kernel 3 by 2, stride 2, padding 1, output padding 1, on [2, 4, 3, 4]", **settings)


def gates_and_global_pools():
    for channels, shape in ((1, (3, 4)), (3, (2, 3)), (3, (2, 3, 4)), (3, (2, 3, 2, 2))):
        layer("prelu", lambda: nn.PReLU(channels), [normal(*shape)], channels=channels, note=f"on {list(shape)}")
    for axis in (-1, 1):
        layer("glu", lambda: nn.GLU(axis), [normal(2, 4, 6)], axis=axis, note="on [2, 4, 6]")
    for windows in (1, 3, 7):
        layer("adaptive_average_pool1d", lambda: nn.AdaptiveAvgPool1d(windows), [normal(2, 3, 7)], windows=windows, note="on [2, 3, 7]")
        layer("adaptive_max_pool1d", lambda: nn.AdaptiveMaxPool1d(windows), [normal(2, 3, 7)], windows=windows, note="on [2, 3, 7]")
    for shape in ((2, 3, 7), (2, 3, 4, 5)):
        layer("global_average_pool", lambda: Lambda(lambda x: x.flatten(2).mean(-1)), [normal(*shape)], note=f"on {list(shape)}")
        layer("global_max_pool", lambda: Lambda(lambda x: x.flatten(2).amax(-1)), [normal(*shape)], note=f"on {list(shape)}")
    layer("residual_shortcut", lambda: Shortcut(nn.Conv2d(2, 4, 3, 2, 1), nn.Conv2d(2, 4, 1, 2)), [normal(2, 2, 5, 6)], note="two convolutions of stride 2, on [2, 2, 5, 6]")


for record in (linear_and_embedding, norms, compositions, wavenet, windows, dropout, more_windows, bags, more_norms,
               norms_without, convolutions_in_groups, gates_and_global_pools, radial_basis):
    record()
layers.write()
