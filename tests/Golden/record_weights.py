"""Records weights/: state dicts of small networks under the names of other programs, and weights.json with what the networks compute.

GPT-2's network is written down here twice over: with nanoGPT's names and layout, and with those that Hugging Face publishes. "logits" are of "ids",
"output" of "input", all in float32.
"""

import json
import math
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from record_safetensors import write

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "weights"
CONTEXT, WIDTH, LAYERS, HEADS, VOCABULARY = 8, 12, 2, 3, 11


class Norm(nn.Module):
    def __init__(self, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH) * 0.2 + 1)
        self.bias = nn.Parameter(torch.randn(WIDTH) * 0.2) if bias else None

    def forward(self, x):
        return F.layer_norm(x, (WIDTH,), self.weight, self.bias, 1e-5)


class InOut(nn.Module):
    """A linear layer whose weight is [inputs, outputs]."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) * 0.3)
        self.bias = nn.Parameter(torch.randn(outputs) * 0.3)

    def forward(self, x):
        return x @ self.weight + self.bias


class Attention(nn.Module):
    def __init__(self, linear):
        super().__init__()
        self.c_attn = linear(WIDTH, 3 * WIDTH)
        self.c_proj = linear(WIDTH, WIDTH)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (part.view(b, t, HEADS, c // HEADS).transpose(1, 2) for part in self.c_attn(x).split(c, 2))
        p = (q @ k.transpose(2, 3) / math.sqrt(c // HEADS)).masked_fill(torch.ones(t, t).tril() == 0, -math.inf).softmax(3)
        return self.c_proj((p @ v).transpose(1, 2).reshape(b, t, c))


class Network(nn.Module):
    def __init__(self, linear, activation):
        super().__init__()
        self.c_fc = linear(WIDTH, 4 * WIDTH)
        self.c_proj = linear(4 * WIDTH, WIDTH)
        self.activation = activation

    def forward(self, x):
        return self.c_proj(self.activation(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, linear, bias, activation):
        super().__init__()
        self.ln_1, self.attn = Norm(bias), Attention(linear)
        self.ln_2, self.mlp = Norm(bias), Network(linear, activation)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    def __init__(self, linear, bias, activation, tied):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(VOCABULARY, WIDTH), "wpe": nn.Embedding(CONTEXT, WIDTH),
            "h": nn.ModuleList(Block(linear, bias, activation) for _ in range(LAYERS)), "ln_f": Norm(bias)})
        self.lm_head = nn.Linear(WIDTH, VOCABULARY, bias=False)
        if tied:
            self.lm_head.weight = self.transformer.wte.weight

    def forward(self, ids):
        x = self.transformer.wte(ids) + self.transformer.wpe.weight[: ids.shape[1]]
        for block in self.transformer.h:
            x = block(x)
        return self.lm_head(self.transformer.ln_f(x))


def bytes_of(state):
    return [(name, "F32", list(x.shape), x.detach().numpy().astype("<f4").tobytes()) for name, x in state.items()]


def flat(x):
    return {"shape": list(x.shape), "numbers": x.detach().double().flatten().tolist()}


def main():
    torch.manual_seed(6)
    FOLDER.mkdir(exist_ok=True)
    ids = torch.randint(0, VOCABULARY, (3, CONTEXT))
    cases = []

    def gpt(file, names, model, **options):
        cases.append({"file": file, "names": names, **options, "ids": ids.flatten().tolist(), "logits": flat(model(ids))})

    plain = Gpt(lambda i, o: nn.Linear(i, o, bias=False), False, F.gelu, True)
    torch.save({"model": {f"_orig_mod.{name}": x for name, x in plain.state_dict().items()}, "iter_num": 7}, FOLDER / "nanogpt.pt")
    gpt("nanogpt.pt", "nanogpt", plain, bias=False, tied=True, activation="Gelu")
    biased = Gpt(nn.Linear, True, F.gelu, False)
    np.savez(FOLDER / "nanogpt.npz", **{name: x.numpy() for name, x in biased.state_dict().items()})
    gpt("nanogpt.npz", "nanogpt", biased, bias=True, tied=False, activation="Gelu")

    published = Gpt(InOut, True, lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))), True)
    state = published.state_dict()
    bare = {name.replace("transformer.", ""): x for name, x in state.items() if name != "lm_head.weight"}
    masks = [(f"h.{i}.attn.bias", "F32", [1, 1, CONTEXT, CONTEXT], np.tril(np.ones((CONTEXT, CONTEXT), "<f4")).tobytes()) for i in range(LAYERS)]
    write(FOLDER / "gpt2.safetensors", bytes_of(bare) + masks, {"format": "pt"})
    gpt("gpt2.safetensors", "gpt2", published, bias=True, tied=True, activation="GeluTanh")
    tensors, places = bytes_of(state), {}
    for i, part in enumerate((tensors[:9], tensors[9:])):
        name = f"gpt2-{i + 1:05}-of-00002.safetensors"
        write(FOLDER / name, part, {"format": "pt"})
        places.update({tensor: name for tensor, *_ in part})
    (FOLDER / "gpt2.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}, indent=1) + "\n")
    gpt("gpt2.safetensors.index.json", "gpt2", published, bias=True, tied=True, activation="GeluTanh")

    x = torch.randn(2, 5, 6)
    for kind, options in (("relu", {"norm_first": False}), ("gelu", {"norm_first": True})):
        layer = nn.TransformerEncoderLayer(6, 2, dim_feedforward=10, dropout=0.0, activation=kind, batch_first=True, **options)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.add_(torch.randn_like(parameter) * 0.2)
        torch.save(layer.state_dict(), FOLDER / f"encoder-{kind}.pt")
        cases.append({"file": f"encoder-{kind}.pt", "names": "encoder", "gelu": kind == "gelu", **options, "input": flat(x), "output": flat(layer(x))})

    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(27, 4))
    for _ in range(3):
        model(torch.randn(8, 2, 5, 5))
    torch.save(model.eval().state_dict(), FOLDER / "sequential.pt")
    x = torch.randn(2, 2, 5, 5)
    cases.append({"file": "sequential.pt", "names": "sequential", "input": flat(x), "output": flat(model(x))})

    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True)
            self.gru = nn.GRU(6, 5, batch_first=True)
            self.attention = nn.MultiheadAttention(5, 1, batch_first=True)
            self.head = nn.Linear(5, 2)

        def forward(self, x):
            x = self.gru(self.lstm(x)[0])[0]
            return self.head(self.attention(x, x, x)[0])

    model, x = Recurrent(), torch.randn(2, 6, 4)
    torch.save(model.state_dict(), FOLDER / "recurrent.pt")
    cases.append({"file": "recurrent.pt", "names": "recurrent", "input": flat(x), "output": flat(model(x))})
    (HERE / "weights.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
