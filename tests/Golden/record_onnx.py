"""Records networks that PyTorch writes as ONNX: onnx/NAME.onnx, and onnx.json with an input, the output and the gradient of each.

Written by torch 1.13, opset 14 to 17, in evaluation mode, with the batch as a dynamic axis. Gradients are of the sum of the outputs' squares over two,
by the parameters' names in the file; only their sums of squares are kept. Each draws from a generator seeded by its own name.
"""

import json
import pathlib
import zlib

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.b = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return torch.relu(x + self.b(torch.relu(self.norm(self.a(x)))))


class Last(nn.Module):
    def __init__(self, body, width, outputs):
        super().__init__()
        self.body, self.head = body, nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.body(x)[0][:, -1])


class Gpt(nn.Module):
    def __init__(self, vocabulary, context, width, heads, layers):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.qkv = nn.ModuleList(nn.Linear(width, 3 * width) for _ in range(layers))
        self.out = nn.ModuleList(nn.Linear(width, width) for _ in range(layers))
        self.norm1 = nn.ModuleList(nn.LayerNorm(width) for _ in range(layers))
        self.norm2 = nn.ModuleList(nn.LayerNorm(width) for _ in range(layers))
        self.up = nn.ModuleList(nn.Linear(width, 4 * width) for _ in range(layers))
        self.down = nn.ModuleList(nn.Linear(4 * width, width) for _ in range(layers))
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.heads = heads
        self.register_buffer("mask", torch.tril(torch.ones(context, context)).view(1, 1, context, context))

    def forward(self, ids):
        b, t = ids.shape
        x = self.tokens(ids) + self.places(torch.arange(t))
        for qkv, out, norm1, norm2, up, down in zip(self.qkv, self.out, self.norm1, self.norm2, self.up, self.down):
            q, k, v = qkv(norm1(x)).split(x.shape[2], dim=2)
            q, k, v = (one.view(b, t, self.heads, -1).transpose(1, 2) for one in (q, k, v))
            scores = (q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5
            scores = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf")).softmax(-1)
            x = x + out((scores @ v).transpose(1, 2).reshape(b, t, -1))
            x = x + down(nn.functional.gelu(up(norm2(x))))
        return self.head(x)


MODELS = {
    "mlp": (lambda: nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 3), nn.Softmax(1)), (4, 6)),
    "mlp with norms": (lambda: nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.GELU(), nn.LayerNorm(16), nn.Linear(16, 8), nn.SiLU(),
                                             nn.Linear(8, 3), nn.LogSoftmax(1)), (4, 6)),
    "cnn": (lambda: nn.Sequential(nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), Residual(6), nn.AvgPool2d(2, ceil_mode=True),
                                  nn.Conv2d(6, 8, 3, stride=2, groups=2), nn.LeakyReLU(0.1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5)), (3, 1, 14, 14)),
    "autoencoder": (lambda: nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.ELU(), nn.ConvTranspose2d(4, 1, 3, stride=2, padding=1, output_padding=1),
                                          nn.Sigmoid()), (2, 1, 8, 8)),
    "rnn": (lambda: Last(nn.RNN(3, 5, batch_first=True), 5, 2), (3, 7, 3)),
    "gru": (lambda: Last(nn.GRU(3, 5, num_layers=2, batch_first=True), 5, 2), (3, 7, 3)),
    "lstm": (lambda: Last(nn.LSTM(3, 5, batch_first=True, bidirectional=True), 10, 2), (3, 7, 3)),
    "gpt": (lambda: Gpt(11, 8, 12, 3, 2), "ids"),
}


def main():
    (HERE / "onnx").mkdir(exist_ok=True)
    lines = []
    for name, (make, shape) in MODELS.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        model = make().eval()
        x = torch.randint(0, 11, (2, 8)) if shape == "ids" else torch.randn(shape)
        for module in model.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
        # Equal vectors, such as new gains of 1, would be written as one.
        with torch.no_grad():
            for w in model.parameters():
                if w.dim() == 1:
                    w.add_(torch.randn_like(w) * 0.1)
        path = HERE / "onnx" / f"{name.replace(' ', '-')}.onnx"
        torch.onnx.export(model, x, path, opset_version=14, input_names=["input"], output_names=["output"], do_constant_folding=False,
                          training=torch.onnx.TrainingMode.EVAL, keep_initializers_as_inputs=False, dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
        y = model(x)
        (y.square().sum() / 2).backward()
        grads = {key: float(w.grad.double().square().sum()) for key, w in model.named_parameters()}
        lines.append(json.dumps({"name": name, "input": {"shape": list(x.shape), "data": [float(one) if shape != "ids" else int(one) for one in x.flatten()]},
                                 "output": {"shape": list(y.shape), "data": [float(one) for one in y.detach().flatten()]}, "grads": grads}))
    (HERE / "onnx.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


main()
