"""Records losses and gradients of whole language models, written down in PyTorch under the names of ChainRule's own, into models.json.

Each is made as its source has it: rnn, gru and bag of words as makemore.py, wavenet as makemore part 5 (whose batch norm takes the variance over
n - 1 in training, too), gpt as nanoGPT, makemore.py and the lecture have it. "output" is the cross-entropy against "targets", where -1 is left out.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from golden_layers import LayerRecording

VOCABULARY = 5


class RnnCell(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.state = nn.Linear(inputs + hidden, hidden)

    def forward(self, x, h):
        return torch.tanh(self.state(torch.cat([x, h], 1)))


class GruCell(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.update = nn.Linear(inputs + hidden, hidden)
        self.reset = nn.Linear(inputs + hidden, hidden)
        self.state = nn.Linear(inputs + hidden, hidden)

    def forward(self, x, h):
        xh = torch.cat([x, h], 1)
        z, r = torch.sigmoid(self.update(xh)), torch.sigmoid(self.reset(xh))
        g = torch.tanh(self.state(torch.cat([x, r * h], 1)))
        return (1 - z) * h + z * g


class Recurrent(nn.Module):
    def __init__(self, cell, width, hidden):
        super().__init__()
        self.start = nn.Parameter(torch.zeros(1, hidden))
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.cell = cell(width, hidden)
        self.head = nn.Linear(hidden, VOCABULARY)

    def forward(self, ids):
        x, h, states = self.tokens(ids), self.start.expand(len(ids), -1), []
        for t in range(ids.shape[1]):
            h = self.cell(x[:, t], h)
            states.append(h)
        return self.head(torch.stack(states, 1))


class Lstm(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.memory = nn.LSTM(width, hidden, batch_first=True)
        self.head = nn.Linear(hidden, VOCABULARY)

    def forward(self, ids):
        return self.head(self.memory(self.tokens(ids))[0])


class BagOfWords(nn.Module):
    def __init__(self, context, width, hidden):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.places = nn.Embedding(context, width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)
        self.head = nn.Linear(width, VOCABULARY)

    def forward(self, ids):
        steps = ids.shape[1]
        x = self.tokens(ids) + self.places.weight[:steps]
        future = torch.tril(torch.ones(steps, steps, dtype=x.dtype)) == 0
        x = x + torch.zeros_like(future, dtype=x.dtype).masked_fill(future, float("-inf")).softmax(-1) @ x
        return self.head(x + self.down(torch.tanh(self.up(x))))


class FlattenConsecutive(nn.Module):
    def forward(self, x):
        x = x.reshape(x.shape[0], x.shape[1] // 2, -1)
        return x.squeeze(1)


class LectureNorm(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x):
        if not self.training:
            return self.weight * (x - self.running_mean) / torch.sqrt(self.running_var + 1e-5) + self.bias
        over = tuple(range(x.dim() - 1))
        mean, var = x.mean(over), x.var(over)
        with torch.no_grad():
            self.running_mean.lerp_(mean, 0.1)
            self.running_var.lerp_(var, 0.1)
        return self.weight * (x - mean) / torch.sqrt(var + 1e-5) + self.bias


class WaveNet(nn.Module):
    def __init__(self, context, width, hidden):
        super().__init__()
        layers = [nn.Embedding(VOCABULARY, width)]
        inputs = width
        while context > 1:
            layers += [FlattenConsecutive(), nn.Linear(2 * inputs, hidden, bias=False), LectureNorm(hidden), nn.Tanh()]
            inputs, context = hidden, context // 2
        self.layers = nn.Sequential(*layers, nn.Linear(hidden, VOCABULARY))

    def forward(self, ids):
        return self.layers(ids)


class NgramMlp(nn.Module):
    """makemore.py's: the windows of all steps at once, with an id of its own before the text."""

    def __init__(self, context, width, hidden):
        super().__init__()
        self.context = context
        self.embedding = nn.Embedding(VOCABULARY + 1, width)
        self.hidden = nn.Linear(context * width, hidden)
        self.output = nn.Linear(hidden, VOCABULARY)

    def forward(self, ids):
        parts = []
        for _ in range(self.context):
            parts.insert(0, self.embedding(ids))
            ids = torch.roll(ids, 1, 1)
            ids[:, 0] = VOCABULARY
        return self.output(torch.tanh(self.hidden(torch.cat(parts, -1))))


class Norm(nn.Module):
    def __init__(self, width, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, 1e-5)


class Attention(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.heads, self.scale = o["heads"], o["scale"]
        self.qkv = nn.Linear(o["width"], 3 * o["width"], bias=o["qkv_bias"])
        self.output = nn.Linear(o["width"], o["width"], bias=o["bias"])

    def forward(self, x):
        batch, steps, width = x.shape
        q, k, v = (part.view(batch, steps, self.heads, -1).transpose(1, 2) for part in self.qkv(x).split(width, 2))
        scores = q @ k.transpose(-2, -1) * (self.scale or q.shape[-1] ** -0.5)
        scores = scores.masked_fill(torch.tril(torch.ones(steps, steps)) == 0, float("-inf"))
        return self.output((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, steps, width))


class Block(nn.Module):
    ACTIVATIONS = {
        "Gelu": F.gelu,
        "GeluTanh": lambda x: 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3))),
        "Relu": F.relu,
    }

    def __init__(self, o):
        super().__init__()
        self.norm1 = Norm(o["width"], o["bias"])
        self.attention = Attention(o)
        self.norm2 = Norm(o["width"], o["bias"])
        self.up = nn.Linear(o["width"], 4 * o["width"], bias=o["bias"])
        self.down = nn.Linear(4 * o["width"], o["width"], bias=o["bias"])
        self.activation = self.ACTIVATIONS[o["activation"]]

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.down(self.activation(self.up(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, o["width"])
        self.places = nn.Embedding(o["context"], o["width"])
        self.blocks = nn.ModuleList(Block(o) for _ in range(o["layers"]))
        self.norm = Norm(o["width"], o["bias"])
        if not o["tied_head"]:
            self.head = nn.Linear(o["width"], VOCABULARY, bias=o["head_bias"])

    def forward(self, ids):
        x = self.tokens(ids) + self.places.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.head(x) if hasattr(self, "head") else x @ self.tokens.weight.T


IDS = torch.tensor([[0, 3, 1, 4], [0, 2, 2, 0], [1, 4, 0, 3]])
TARGETS = torch.tensor([[3, 1, 4, 0], [2, 2, 0, -1], [4, 0, 3, -1]])
PAIRS = torch.tensor([[0, 0, 0, 3], [0, 0, 3, 1], [0, 3, 1, 4], [3, 1, 4, 2], [2, 2, 0, 1]])

recording = LayerRecording("models.json")


def step(op, make, note, **args):
    recording.layer(op, make, ids=IDS, targets=TARGETS, note=note, **args)


step("rnn", lambda: Recurrent(RnnCell, 3, 4), "as makemore.py", width=3, hidden=4)
step("gru", lambda: Recurrent(GruCell, 3, 4), "as makemore.py", width=3, hidden=4)
step("lstm", lambda: Lstm(3, 4), "from zeros", width=3, hidden=4)
step("bag_of_words", lambda: BagOfWords(6, 3, 4), "as makemore.py", context=6, width=3, hidden=4)
step("ngram_mlp", lambda: NgramMlp(3, 2, 4), "as makemore.py", context=3, width=2, hidden=4)
recording.layer("wavenet", lambda: WaveNet(4, 3, 6), ids=PAIRS, targets=torch.tensor([1, 4, 2, 0, 3]), modes=(True, True, False),
                note="as makemore part 5", context=4, width=3, hidden=6)

# As wide as in a network that trains: where weights of blocks are larger, PyTorch's own float32 is off by more than tests allow for some draws.
def spread(name):
    return 1 if name in ("tokens.weight", "places.weight") else 0.2


SIZES = {"context": 6, "width": 6, "layers": 2, "heads": 2}
for note, options in (
    ("as nanoGPT", {"bias": False, "qkv_bias": False, "tied_head": True, "head_bias": False, "activation": "Gelu", "scale": 0}),
    ("as makemore.py", {"bias": True, "qkv_bias": True, "tied_head": False, "head_bias": False, "activation": "GeluTanh", "scale": 0}),
    ("as the lecture", {"bias": True, "qkv_bias": False, "tied_head": False, "head_bias": True, "activation": "Relu", "scale": 0.25}),
):
    step("gpt", lambda: Gpt({**SIZES, **options}), note, spread=spread, **SIZES, **options)

recording.write()
