"""Records outputs and gradients of networks of sequences, of tables and of images, written down in PyTorch under the names of ChainRule's own, into
networks.json: a recurrent network, causal convolutions, a network that sees one step, a deep residual network, a mixture of experts, an autoencoder.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from golden import normal
from golden_layers import LayerRecording


class Sequence(nn.Module):
    def __init__(self, body, hidden, outputs):
        super().__init__()
        self.body = body
        self.output = nn.Linear(hidden, outputs)

    def forward(self, x):
        h = self.body(x)
        return self.output(h[0] if isinstance(h, tuple) else h)


class Causal(nn.Module):
    def __init__(self, layers, inputs, channels):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv1d(inputs if i == 0 else channels, channels, 3, dilation=1 << i) for i in range(layers)])

    def forward(self, x):
        h = x.transpose(1, 2)
        for i, layer in enumerate(self.layers):
            y = F.relu(layer(F.pad(h, (2 << i, 0))))
            h = y if i == 0 else h + y
        return h.transpose(1, 2)


class Residual(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class ResidualMlp(nn.Module):
    def __init__(self, hidden, blocks, skips, columns, outputs):
        super().__init__()
        self.first = nn.Linear(columns, hidden)
        self.head = nn.Linear(hidden, outputs)
        inner = [nn.Sequential(nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden)) for _ in range(blocks)]
        self.blocks = nn.ModuleList([Residual(one) if skips else one for one in inner])

    def forward(self, x):
        h = self.first(x)
        for block in self.blocks:
            h = block(h)
        return self.head(h)


class Experts(nn.Module):
    def __init__(self, experts, hidden, columns, outputs):
        super().__init__()
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(columns, hidden), nn.GELU(), nn.Linear(hidden, outputs)) for _ in range(experts)])
        self.gate = nn.Linear(columns, experts)

    def forward(self, x):
        g = torch.softmax(self.gate(x), 1)
        return sum(g[:, k:k + 1] * expert(x) for k, expert in enumerate(self.experts))


class Autoencoder(nn.Module):
    def __init__(self, bottleneck, hidden, numbers):
        super().__init__()
        half = hidden // 2
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(numbers, hidden), nn.GELU(), nn.Linear(hidden, half), nn.GELU(), nn.Linear(half, bottleneck))
        self.decoder = nn.Sequential(nn.Linear(bottleneck, half), nn.GELU(), nn.Linear(half, hidden), nn.GELU(), nn.Linear(hidden, numbers))

    def forward(self, x):
        return self.decoder(self.encoder(x))


BODIES = {
    "rnn": lambda hidden, layers: nn.RNN(3, hidden, layers, batch_first=True),
    "gru": lambda hidden, layers: nn.GRU(3, hidden, layers, batch_first=True),
    "lstm": lambda hidden, layers: nn.LSTM(3, hidden, layers, batch_first=True),
    "conv": lambda hidden, layers: Causal(layers + 3, 3, hidden),
    "context-1": lambda hidden, layers: nn.Sequential(*[one for i in range(layers) for one in (nn.Linear(3 if i == 0 else hidden, hidden), nn.Tanh())]),
}

recording = LayerRecording("networks.json")
for kind, body in BODIES.items():
    for layers in (1, 2):
        recording.layer(kind, lambda: Sequence(body(4, layers), 4, 2), inputs=[normal(2, 7, 3)], note="sequence", spread=lambda name: 0.4, shift=0.1,
                        hidden=4, layers=layers)
for skips in (True, False):
    recording.layer("residual", lambda: ResidualMlp(4, 3, skips, 3, 2), inputs=[normal(5, 3)], note="table", spread=lambda name: 0.5, shift=0.2, hidden=4,
                    blocks=3, skips=skips)
recording.layer("experts", lambda: Experts(3, 4, 3, 2), inputs=[normal(5, 3)], note="table", spread=lambda name: 0.5, shift=0.1, experts=3, hidden=4)
recording.layer("dense", lambda: Autoencoder(2, 6, 16), inputs=[normal(3, 1, 4, 4)], note="image", spread=lambda name: 0.4, shift=0.1, bottleneck=2, hidden=6)
recording.write()
