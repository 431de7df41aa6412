"""Records values and gradients of convolution and pooling from PyTorch into conv.json."""

import torch.nn.functional as F

from golden import Recording, exactly, normal

conv = Recording("conv.json")
NAN = float("nan")

# images, channels, height, width; outputs, kernel height, kernel width; stride, padding
CONVOLUTIONS = [
    ((1, 1, 5, 5), (1, 3, 3), 1, 0),
    ((2, 3, 6, 6), (4, 3, 3), 1, 1),
    ((2, 3, 7, 5), (4, 3, 3), 2, 1),
    ((3, 2, 6, 5), (5, 1, 1), 1, 0),
    ((2, 2, 5, 5), (3, 1, 1), 2, 1),
    ((1, 2, 7, 9), (3, 5, 5), 1, 2),
    ((1, 2, 8, 9), (3, 5, 5), 2, 2),
    ((2, 2, 6, 5), (2, 3, 2), 1, 1),
    ((1, 2, 5, 8), (3, 1, 4), 2, 2),
    ((2, 1, 9, 4), (2, 5, 3), 1, 0),
    ((2, 1, 3, 3), (2, 3, 3), 1, 2),
    ((1, 2, 3, 4), (9, 3, 4), 1, 0),
    ((1, 9, 4, 17), (17, 2, 2), 1, 0),
    ((1, 2, 8, 8), (2, 2, 2), 3, 0),
]

# images, channels, height, width; kernel, stride, padding
POOLS = [
    ((1, 1, 4, 4), 2, 2, 0),
    ((2, 3, 6, 5), 2, 2, 0),
    ((1, 2, 5, 36), 2, 2, 0),
    ((2, 2, 6, 7), 3, 2, 1),
    ((2, 2, 5, 5), 3, 1, 1),
    ((1, 2, 7, 6), 3, 3, 0),
    ((1, 1, 6, 6), 2, 3, 1),
    ((2, 1, 5, 7), 5, 2, 2),
    ((1, 2, 4, 3), 1, 2, 0),
]


def convolutions():
    for k, (image, (outputs, height, width), stride, padding) in enumerate(CONVOLUTIONS):
        bias = [normal(outputs)] if k % 3 else []
        conv.function("conv2d", lambda x, w, *b: F.conv2d(x, w, *b or [None], stride, padding), normal(*image),
                      normal(outputs, image[1], height, width), *bias, stride=stride, padding=padding)
    for image, (outputs, height, width), stride, padding in CONVOLUTIONS[1:3]:
        conv.function("conv2d", lambda x, w, b: F.relu(F.conv2d(x, w, b, stride, padding)), normal(*image), normal(outputs, image[1], height, width),
                      normal(outputs), stride=stride, padding=padding, relu=True)
    conv.function("conv2d", lambda x, w, b: F.conv2d(x, w, b, 1, 1), normal(2, 2, 4, 4), normal(3, 2, 3, 3), normal(3), stride=1, padding=1,
                  constant=(0,), note="images that want no gradient")


def pools():
    for image, kernel, stride, padding in POOLS:
        settings = {"kernel": kernel, "stride": stride, "padding": padding}
        conv.function("max_pool2d", lambda x: F.max_pool2d(x, kernel, stride, padding), normal(*image), **settings)
        conv.function("average_pool2d", lambda x: F.avg_pool2d(x, kernel, stride, padding), normal(*image), **settings)
    ties = exactly([[[[1.0, 1.0, 0.0, 2.0], [1.0, 1.0, 2.0, 0.0], [0.0, 3.0, 0.0, 0.0], [3.0, 0.0, 0.0, 0.0]]]])
    for kernel, stride, padding in ((2, 2, 0), (3, 1, 1)):
        conv.function("max_pool2d", lambda x: F.max_pool2d(x, kernel, stride, padding), ties, kernel=kernel, stride=stride, padding=padding,
                      note="the first of equals gets the gradient")
    for kernel, stride, padding in (((2, 3), (1, 2), (1, 0)), ((3, 2), (2, 3), (0, 1)), ((3, 3), (2, 2), (1, 1))):
        for up in (False, True):
            for image in ((1, 2, 5, 7), (2, 1, 6, 6)):
                settings = {"kernel": list(kernel), "stride": list(stride), "padding": list(padding), "round_up": up}
                conv.function("max_pool2d_per_axis", lambda x: F.max_pool2d(x, kernel, stride, padding, ceil_mode=up), normal(*image), **settings)
                conv.function("average_pool2d_per_axis", lambda x: F.avg_pool2d(x, kernel, stride, padding, ceil_mode=up), normal(*image), **settings)
    for windows in ((1, 1), (2, 3), (3, 2), (5, 7)):
        for image in ((1, 2, 5, 7), (2, 1, 6, 6), (1, 1, 2, 3)):
            conv.function("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, windows), normal(*image), windows=list(windows))
            conv.function("adaptive_average_pool2d", lambda x: F.adaptive_avg_pool2d(x, windows), normal(*image), windows=list(windows))
    for image, outputs, kernel, stride, padding, dilation, groups in (
        ((2, 2, 7, 6), 3, (3, 2), (1, 2), (0, 1), (1, 1), 1), ((1, 2, 8, 9), 2, (3, 3), (1, 1), (2, 2), (2, 2), 1), ((2, 4, 6, 7), 6, (3, 3), (2, 1), (1, 0), (1, 2), 2),
        ((1, 4, 6, 6), 4, (3, 3), (1, 1), (1, 1), (1, 1), 4), ((2, 3, 5, 5), 6, (2, 2), (1, 1), (0, 0), (3, 3), 3),
    ):
        settings = {"stride": list(stride), "padding": list(padding), "dilation": list(dilation), "groups": groups}
        conv.function("conv2d_per_axis", lambda x, w, b: F.conv2d(x, w, b, stride, padding, dilation, groups), normal(*image),
                      normal(outputs, image[1] // groups, *kernel), normal(outputs), **settings)
    conv.function("max_pool2d", lambda x: F.max_pool2d(x, 2, 1, 1), negative(normal(1, 2, 3, 3)), kernel=2, stride=1, padding=1,
                  note="padding is not larger than what is negative")
    broken = exactly([[[[NAN, 1.0, 2.0, 3.0], [0.0, 5.0, NAN, 1.0]]]])
    conv.function("max_pool2d", lambda x: F.max_pool2d(x, 2), broken, kernel=2, stride=2, padding=0, note="NaN stays NaN", forward_only=True)
    conv.function("max_pool2d", lambda x: F.max_pool2d(x, 2, 1), broken, kernel=2, stride=1, padding=0, note="NaN stays NaN", forward_only=True)


def negative(spec):
    return lambda g: -spec(g).abs()


def padded():
    for mode in ("zeros", "reflect", "replicate", "circular"):
        for shape, axis, before, after in (((2, 3, 5), -1, 2, 1), ((2, 4, 3), 1, 0, 3), ((1, 2, 3, 4), 2, 2, 2), ((4,), 0, 3, 1)):
            def pad(x):
                y = x.movedim(axis, -1).reshape(1, -1, x.shape[axis])
                y = F.pad(y, (before, after), "constant" if mode == "zeros" else mode)
                return y.reshape(*x.movedim(axis, -1).shape[:-1], -1).movedim(-1, axis)

            conv.function("pad", pad, normal(*shape), axis=axis, before=before, after=after, mode=mode)


def sequences():
    for (batch, channels, length), (outputs, kernel), stride, padding, dilation, groups, relu in (
        ((2, 3, 7), (4, 3), 1, 1, 1, 1, False), ((1, 2, 9), (3, 4), 2, 0, 1, 1, True), ((2, 4, 8), (6, 2), 1, 2, 3, 2, False), ((3, 1, 5), (1, 5), 1, 0, 1, 1, False),
        ((2, 4, 6), (4, 3), 3, 1, 1, 4, False),
    ):
        settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        conv.function("conv1d", lambda x, w, b: F.relu(F.conv1d(x, w, b, **settings)) if relu else F.conv1d(x, w, b, **settings), normal(batch, channels, length),
                      normal(outputs, channels // groups, kernel), normal(outputs), relu=relu, **settings)
    for (batch, channels, length), (outputs, kernel), stride, padding, more, dilation, groups in (
        ((2, 3, 4), (4, 3), 1, 0, 0, 1, 1), ((1, 2, 5), (3, 4), 2, 1, 1, 1, 1), ((2, 4, 3), (6, 3), 3, 1, 2, 2, 2), ((2, 4, 1), (4, 2), 2, 0, 0, 1, 4),
    ):
        settings = {"stride": stride, "padding": padding, "output_padding": more, "groups": groups, "dilation": dilation}
        conv.function("conv_transpose1d", lambda x, w, b: F.conv_transpose1d(x, w, b, **settings), normal(batch, channels, length),
                      normal(channels, outputs // groups, kernel), normal(outputs), **settings)
    for sequence, kernel, stride, padding, up in (((2, 3, 7), 2, 2, 0, False), ((1, 2, 8), 3, 2, 1, True), ((2, 1, 6), 3, 1, 1, False), ((1, 2, 7), 2, 2, 0, True)):
        settings = {"kernel": kernel, "stride": stride, "padding": padding, "round_up": up}
        conv.function("max_pool1d", lambda x: F.max_pool1d(x, kernel, stride, padding, ceil_mode=up), normal(*sequence), **settings)
        conv.function("average_pool1d", lambda x: F.avg_pool1d(x, kernel, stride, padding, ceil_mode=up), normal(*sequence), **settings)


def transposed():
    for image, outputs, kernel, stride, padding, more, dilation, groups in (
        ((2, 3, 4, 5), 4, (3, 3), (1, 1), (0, 0), (0, 0), (1, 1), 1), ((1, 2, 3, 4), 3, (2, 2), (2, 2), (0, 0), (0, 0), (1, 1), 1),
        ((2, 2, 4, 3), 3, (3, 4), (2, 3), (1, 2), (1, 2), (1, 1), 1), ((1, 4, 3, 3), 6, (3, 3), (2, 2), (1, 1), (1, 0), (2, 1), 2),
        ((1, 4, 5, 4), 4, (3, 3), (1, 1), (1, 1), (0, 0), (1, 1), 4), ((2, 3, 1, 1), 2, (4, 4), (1, 1), (0, 0), (0, 0), (1, 1), 1),
        ((1, 2, 2, 3), 2, (1, 1), (3, 3), (0, 0), (2, 1), (1, 1), 1), ((1, 9, 4, 5), 17, (2, 2), (2, 2), (0, 0), (0, 0), (1, 1), 1),
    ):
        settings = {"stride": list(stride), "padding": list(padding), "output_padding": list(more), "groups": groups, "dilation": list(dilation)}
        conv.function("conv_transpose2d", lambda x, w, b: F.conv_transpose2d(x, w, b, **settings), normal(*image), normal(image[1], outputs // groups, *kernel),
                      normal(outputs), **settings)
    conv.function("conv_transpose2d", lambda x, w: F.conv_transpose2d(x, w, None, 2), normal(2, 3, 3, 2), normal(3, 2, 3, 3), stride=[2, 2], padding=[0, 0],
                  output_padding=[0, 0], groups=1, dilation=[1, 1], note="without a bias")


for record in (convolutions, pools, padded, sequences, transposed):
    record()
conv.write()
