"""Records losses and gradients of classifiers of images, written down in PyTorch under the names of ChainRule's own, into images.json.

"output" is the logits; an upstream gradient goes back from them. Where there is batch norm, a step trains, and a second evaluates with the running
statistics that the first has moved; the others compute the same in both.
"""

import torch
import torch.nn as nn

from golden import normal
from golden_layers import LayerRecording

CLASSES = 3
ACTIVATIONS = {"Relu": nn.ReLU, "Gelu": nn.GELU, "Tanh": nn.Tanh}
POOLS = {"Max": nn.MaxPool2d, "Average": nn.AvgPool2d}


class Classifier(nn.Module):
    def __init__(self, features, width):
        super().__init__()
        self.features = nn.Sequential(*features)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x):
        return self.head(self.features(x))


def mlp(o):
    layers, inputs = [nn.Flatten()], o["channels"] * o["size"] ** 2
    for _ in range(o["layers"]):
        layers += [nn.Linear(inputs, o["hidden"]), ACTIVATIONS[o["activation"]]()]
        inputs = o["hidden"]
    return Classifier(layers, inputs)


def lenet(o):
    act, pool = ACTIVATIONS[o["activation"]], POOLS[o["pooling"]]
    side = (o["size"] // 2 - 4) // 2
    return Classifier([nn.Conv2d(o["channels"], o["width"], 5, padding=2), act(), pool(2), nn.Conv2d(o["width"], o["width2"], 5), act(), pool(2),
                       nn.Flatten(), nn.Linear(o["width2"] * side * side, o["hidden"]), act(), nn.Linear(o["hidden"], o["hidden2"]), act()],
                      o["hidden2"])


def cnn(o):
    layers, inputs = [], o["channels"]
    for block in range(o["blocks"]):
        width = o["width"] << block
        for _ in range(2):
            layers += [nn.Conv2d(inputs, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), ACTIVATIONS[o["activation"]]()]
            inputs = width
        layers.append(POOLS[o["pooling"]](2))
    side = o["size"] >> o["blocks"]
    return Classifier(layers + [nn.Flatten()], inputs * side * side)


class Residual(nn.Module):
    def __init__(self, inputs, width, stride, act):
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), act(),
                                   nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))
        if stride != 1 or inputs != width:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return self.inner(x) + (self.shortcut(x) if hasattr(self, "shortcut") else x)


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def resnet(o):
    act, inputs = ACTIVATIONS[o["activation"]], o["width"]
    layers = [nn.Conv2d(o["channels"], inputs, 3, padding=1, bias=False), nn.BatchNorm2d(inputs), act()]
    for stage in range(o["stages"]):
        width = o["width"] << stage
        for block in range(o["blocks"]):
            layers += [Residual(inputs, width, 2 if stage > 0 and block == 0 else 1, act), act()]
            inputs = width
    return Classifier(layers + [Mean()], inputs)


MODES = {"image_mlp": (True,), "lenet": (True,), "cnn": (True, False), "resnet": (True, False)}

recording = LayerRecording("images.json")


def images(op, make, note, batch, channels, size, spread=0.4, shift=0.6, **args):
    recording.layer(op, lambda: make({"channels": channels, "size": size, **args}), inputs=[normal(batch, channels, size, size)],
                    modes=MODES[op], note=note, spread=lambda name: spread, shift=shift, channels=channels, size=size, **args)
    if op == "resnet":
        # Sums of two norms' gradients: PyTorch's own float32 is off by more than tests allow for nearly all draws.
        recording.cases[-1]["args"]["float64_only"] = True


# Batches for which PyTorch's own float32 is near enough to its float64: others draw a feature that hardly varies, which batch norm divides by.
images("image_mlp", mlp, "grey", 3, 1, 5, hidden=4, layers=2, activation="Relu")
images("image_mlp", mlp, "colour", 3, 3, 4, hidden=3, layers=1, activation="Tanh")
images("lenet", lenet, "as the original", 3, 1, 12, width=2, width2=3, hidden=4, hidden2=3, activation="Tanh", pooling="Average")
images("lenet", lenet, "as it is mostly written now", 3, 3, 12, width=2, width2=2, hidden=4, hidden2=3, activation="Relu", pooling="Max")
images("cnn", cnn, "grey", 3, 1, 8, width=2, blocks=2, activation="Relu", pooling="Max")
images("cnn", cnn, "colour, an odd side", 3, 3, 7, width=2, blocks=2, activation="Gelu", pooling="Average")
images("resnet", resnet, "x", 3, 1, 8, 0.3, 1, width=2, stages=2, blocks=2, activation="Gelu")
images("resnet", resnet, "x", 3, 3, 7, 0.3, 1, width=2, stages=2, blocks=1, activation="Relu")
images("resnet", resnet, "x", 3, 3, 7, 0.3, 1, width=2, stages=3, blocks=1, activation="Gelu")

recording.write()
