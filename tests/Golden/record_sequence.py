"""Records layers over sequences into sequence.json: nn.LSTM, and self-attention composed from PyTorch's own ops. golden_layers.py says what a case
holds; a case "lstm_state" has inputs x, h and c and, as its output, y [B, T, H] with the last h and c behind it, [B, T + 2, H]. A case "lstm_init"
holds what torch.manual_seed draws for a new layer, in float32, under "state"; dropout_attention holds one training step by args.seed, in float32.
"recurrent", "recurrent_state", "recurrent_init" and "recurrent_dropout" are the same of nn.RNN, nn.GRU and nn.LSTM (args.kind) with layers, both directions
and without biases; the output of recurrent_state is y, the last h and, of an LSTM, the last c, one behind the other as a vector.
"recurrent_lengths" has sequences of args.lengths steps, packed; "recurrent_projected" and "recurrent_projected_init" are nn.LSTM with proj_size (args.proj).
"multi_head" is nn.MultiheadAttention of query, key and value; args.lengths says how many keys of each example are no padding, and args.hidden which keys (1)
which query may not see; the output of "multi_head_weights" is y and the weights of each head as a vector.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from golden import exact, generator, given, named, normal, single
from golden_layers import LayerRecording

sequence = LayerRecording("sequence.json")


class Lstm(nn.LSTM):
    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, batch_first=True)

    def forward(self, x):
        return super().forward(x)[0]


class StatefulLstm(nn.LSTM):
    """From a state to a state: y, and the last h and c as two more rows of it."""

    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, batch_first=True)

    def forward(self, x, h, c):
        y, (last_h, last_c) = super().forward(x, (h.unsqueeze(0), c.unsqueeze(0)))
        return torch.cat([y, last_h.transpose(0, 1), last_c.transpose(0, 1)], 1)


class SelfAttention(nn.Module):
    def __init__(self, features, heads, causal, scale=None, dropout=0.0):
        super().__init__()
        self.heads, self.causal, self.dropout = heads, causal, dropout
        self.scale = (features // heads) ** -0.5 if scale is None else scale
        self.qkv, self.output = nn.Linear(features, 3 * features), nn.Linear(features, features)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (z.view(B, T, self.heads, C // self.heads).transpose(1, 2) for z in self.qkv(x).split(C, 2))
        logits = (q @ k.transpose(-2, -1)) * self.scale
        if self.causal:
            logits = logits.masked_fill(torch.ones(T, T).tril() == 0, float("-inf"))
        p = F.dropout(F.softmax(logits, -1), self.dropout, self.training)
        y = self.output((p @ v).transpose(1, 2).contiguous().view(B, T, C))
        return F.dropout(y, self.dropout, self.training)


def lstm():
    for batch, steps, inputs, hidden in ((2, 5, 3, 4), (1, 6, 2, 3), (3, 1, 4, 5), (1, 1, 1, 1), (3, 7, 5, 6), (2, 20, 3, 9)):
        sequence.layer("lstm", lambda: Lstm(inputs, hidden), [normal(batch, steps, inputs)], width=inputs, hidden=hidden,
                       note=f"on {[batch, steps, inputs]}")
    for batch, steps in ((2, 4), (1, 1), (3, 5)):
        sequence.layer("lstm_state", lambda: StatefulLstm(3, 4), [normal(batch, steps, 3), normal(batch, 4), normal(batch, 4)], width=3, hidden=4,
                       note=f"{steps} steps of a batch of {batch}, from a state")
    for inputs, hidden in ((3, 4), (7, 20)):
        torch.manual_seed(42)
        drawn = {name: value.detach().float() for name, value in nn.LSTM(inputs, hidden, dtype=torch.float32).state_dict().items()}
        sequence.add("lstm_init", f"lstm_init, width {inputs}, hidden {hidden}", {"width": inputs, "hidden": hidden, "seed": 42}, state=named(drawn, exact))


def attention():
    for causal in (True, False):
        for heads, features, batch, steps in ((1, 4, 2, 5), (4, 8, 2, 6), (2, 6, 1, 1), (4, 16, 1, 18), (1, 5, 1, 33)):
            sequence.layer("self_attention", lambda: SelfAttention(features, heads, causal), [normal(batch, steps, features)],
                           features=features, heads=heads, causal=causal, note=f"on {[batch, steps, features]}")
        sequence.layer("self_attention", lambda: SelfAttention(6, 2, causal, scale=6**-0.5), [normal(2, 4, 6)],
                       features=6, heads=2, causal=causal, scale=6**-0.5, note="scaled by the whole width")


def dropout():
    """Float32, as masks are torch's by the order of its draws: first that of the probabilities, then that of the output."""
    for p in (0.2, 0.5):
        name = f"dropout_attention, p {p}"
        g = generator(name)
        layer = SelfAttention(8, 2, True, dropout=p).float()
        for value in layer.parameters():
            value.data = (torch.randn(value.shape, generator=g) * 0.5).float()
        x = single(torch.randn((2, 5, 8), generator=g)).float().requires_grad_()
        upstream = single(torch.randn((2, 5, 8), generator=g))
        torch.manual_seed(42)
        y = layer(x)
        (y * upstream.float()).sum().backward()
        sequence.add("dropout_attention", name, {"features": 8, "heads": 2, "causal": True, "p": p, "seed": 42},
                     state=named(layer.state_dict(), exact), inputs=[given(x)], output=given(y), upstream=given(upstream), grads=[given(x.grad)],
                     state_grads={key: given(value.grad) for key, value in layer.named_parameters()})


KINDS = {"rnn": nn.RNN, "rnn_relu": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def recurrent_layer(kind, inputs, hidden, layers=1, bidirectional=False, bias=True, dropout=0.0, stateful=False):
    class Layer(KINDS[kind]):
        def forward(self, x, *state):
            if not state:
                y, final = super().forward(x)
            else:
                y, final = super().forward(x, state if kind == "lstm" else state[0])
            if not stateful:
                return y
            return torch.cat([part.flatten() for part in (y, *(final if kind == "lstm" else (final,)))])

    more = {"nonlinearity": "relu"} if kind == "rnn_relu" else {}
    return Layer(inputs, hidden, num_layers=layers, bidirectional=bidirectional, bias=bias, dropout=dropout, batch_first=True, **more)


def recurrent():
    for kind in KINDS:
        for batch, steps, inputs, hidden in ((2, 5, 3, 4), (1, 1, 1, 1), (3, 7, 5, 9), (2, 20, 2, 3)):
            sequence.layer("recurrent", lambda: recurrent_layer(kind, inputs, hidden), [normal(batch, steps, inputs)], spread=lambda name: 0.3,
                           kind=kind, width=inputs, hidden=hidden, note=f"on {[batch, steps, inputs]}")
        for layers, bidirectional, bias in ((1, True, True), (2, False, True), (3, True, True), (1, False, False), (2, True, False)):
            settings = {"kind": kind, "width": 3, "hidden": 4, "layers": layers, "bidirectional": bidirectional, "bias": bias}
            sequence.layer("recurrent", lambda: recurrent_layer(kind, 3, 4, layers, bidirectional, bias), [normal(2, 5, 3)], spread=lambda name: 0.3,
                           note="on [2, 5, 3]", **settings)
        for layers, bidirectional in ((1, False), (1, True), (2, True)):
            states = [normal(layers * (2 if bidirectional else 1), 2, 4) for _ in range(2 if kind == "lstm" else 1)]
            settings = {"kind": kind, "width": 3, "hidden": 4, "layers": layers, "bidirectional": bidirectional}
            sequence.layer("recurrent_state", lambda: recurrent_layer(kind, 3, 4, layers, bidirectional, stateful=True), [normal(2, 5, 3), *states],
                           spread=lambda name: 0.3, note="on [2, 5, 3], from a state", **settings)
        torch.manual_seed(42)
        drawn = KINDS[kind](3, 4, num_layers=2, bidirectional=True, dtype=torch.float32).state_dict()
        sequence.add("recurrent_init", f"recurrent_init, {kind}", {"kind": kind, "width": 3, "hidden": 4, "layers": 2, "bidirectional": True, "seed": 42},
                     state=named({name: value.detach().float() for name, value in drawn.items()}, exact))


def recurrent_dropout():
    """Float32, as the masks between the layers are torch's by the order of its draws."""
    for kind in KINDS:
        name = f"recurrent_dropout, {kind}"
        g = generator(name)
        layer = recurrent_layer(kind, 3, 4, layers=3, bidirectional=True, dropout=0.3).float()
        for value in layer.parameters():
            value.data = (torch.randn(value.shape, generator=g) * 0.3).float()
        x = single(torch.randn((2, 5, 3), generator=g)).float().requires_grad_()
        upstream = single(torch.randn((2, 5, 8), generator=g))
        torch.manual_seed(42)
        y = layer(x)
        (y * upstream.float()).sum().backward()
        sequence.add("recurrent_dropout", name, {"kind": kind, "width": 3, "hidden": 4, "layers": 3, "bidirectional": True, "p": 0.3, "seed": 42},
                     state=named(layer.state_dict(), exact), inputs=[given(x)], output=given(y), upstream=given(upstream), grads=[given(x.grad)],
                     state_grads={key: given(value.grad) for key, value in layer.named_parameters()})


def lengths():
    for kind in KINDS:
        for layers, bidirectional, state in ((1, False, False), (1, True, False), (2, True, True)):
            class Packed(recurrent_layer(kind, 3, 4, layers, bidirectional).__class__):
                def forward(self, x, *state):
                    packed = nn.utils.rnn.pack_padded_sequence(x, [3, 5, 1], batch_first=True, enforce_sorted=False)
                    given = () if not state else (state if kind == "lstm" else state[0],)
                    y, final = KINDS[kind].forward(self, packed, *given)
                    y = nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]
                    return torch.cat([part.flatten() for part in (y, *(final if kind == "lstm" else (final,)))])

            more = {"nonlinearity": "relu"} if kind == "rnn_relu" else {}
            states = [normal(layers * (2 if bidirectional else 1), 3, 4) for _ in range(2 if kind == "lstm" else 1)] if state else []
            sequence.layer("recurrent_lengths", lambda: Packed(3, 4, num_layers=layers, bidirectional=bidirectional, batch_first=True, **more),
                           [normal(3, 6, 3), *states], spread=lambda name: 0.3, kind=kind, width=3, hidden=4, layers=layers, bidirectional=bidirectional,
                           lengths=[3, 5, 1], note="on [3, 6, 3]" + (", from a state" if state else ""))


class Projected(nn.LSTM):
    def __init__(self, layers, bidirectional, bias, lengths=None):
        super().__init__(3, 5, num_layers=layers, bidirectional=bidirectional, bias=bias, batch_first=True, proj_size=2)
        self.lengths = lengths

    def forward(self, x, h, c):
        given = x if self.lengths is None else nn.utils.rnn.pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        y, final = super().forward(given, (h, c))
        y = y if self.lengths is None else nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]
        return torch.cat([part.flatten() for part in (y, *final)])


def projected():
    for layers, bidirectional, bias, lengths in ((1, False, True, None), (2, True, True, None), (1, False, False, None), (2, True, True, [2, 4])):
        settings = {"kind": "lstm", "width": 3, "hidden": 5, "proj": 2, "layers": layers, "bidirectional": bidirectional, "bias": bias}
        cells = layers * (2 if bidirectional else 1)
        sequence.layer("recurrent_projected", lambda: Projected(layers, bidirectional, bias, lengths), [normal(2, 4, 3), normal(cells, 2, 2), normal(cells, 2, 5)],
                       spread=lambda name: 0.3, note="on [2, 4, 3], from a state", **settings, **({} if lengths is None else {"lengths": lengths}))
    torch.manual_seed(42)
    drawn = nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2, dtype=torch.float32).state_dict()
    sequence.add("recurrent_projected_init", "recurrent_projected_init",
                 {"kind": "lstm", "width": 3, "hidden": 5, "proj": 2, "layers": 2, "bidirectional": True, "seed": 42},
                 state=named({name: value.detach().float() for name, value in drawn.items()}, exact))


class MultiHead(nn.MultiheadAttention):
    def __init__(self, embed, heads, causal=False, lengths=None, hidden=None, weights=False, **more):
        super().__init__(embed, heads, batch_first=True, **more)
        self.causal, self.lengths, self.hidden, self.weights = causal, lengths, hidden, weights

    def forward(self, query, key=None, value=None):
        key, value = (query, query) if key is None else (key, value)
        unseen = torch.zeros(query.shape[1], key.shape[1], dtype=torch.bool)
        if self.causal:
            unseen |= torch.ones_like(unseen).tril() == 0
        if self.hidden is not None:
            unseen |= torch.tensor(self.hidden) == 1
        padding = None
        if self.lengths is not None:
            padding = torch.arange(key.shape[1]) >= torch.tensor(self.lengths)[:, None]
        y, p = super().forward(query, key, value, key_padding_mask=padding, attn_mask=unseen, need_weights=True, average_attn_weights=False)
        return torch.cat([y.flatten(), p.flatten()]) if self.weights else y


def multi_head():
    for heads, embed, batch, queries, keys, more in (
        (1, 4, 2, 5, 3, {}), (2, 6, 2, 3, 5, {"kdim": 4, "vdim": 5}), (4, 8, 1, 18, 33, {"kdim": 3}), (2, 4, 1, 1, 1, {"vdim": 3}), (2, 8, 2, 20, 7, {"bias": False}),
        (2, 6, 2, 4, 3, {"kdim": 2, "bias": False}), (2, 4, 1, 35, 18, {}),
    ):
        for causal in (False, True):
            inputs = [normal(batch, queries, embed), normal(batch, keys, more.get("kdim", embed)), normal(batch, keys, more.get("vdim", embed))]
            sequence.layer("multi_head", lambda: MultiHead(embed, heads, causal, **more), inputs, embed=embed, heads=heads, causal=causal,
                           shift=0.1, note=f"{queries} queries of {keys} keys, a batch of {batch}", **more)
    hidden = [[0, 1, 0, 0, 1], [0, 0, 0, 0, 0], [0, 1, 1, 1, 0]]
    for causal, masks in ((False, {"lengths": [5, 2]}), (True, {"lengths": [3, 4]}), (False, {"hidden": hidden}), (True, {"lengths": [4, 1], "hidden": hidden})):
        inputs = [normal(2, 3, 6), normal(2, 5, 4), normal(2, 5, 6)]
        for op in ("multi_head", "multi_head_weights"):
            sequence.layer(op, lambda: MultiHead(6, 2, causal, weights=op != "multi_head", kdim=4, **masks), inputs, embed=6, heads=2, causal=causal, kdim=4,
                           shift=0.1, note="3 queries of 5 keys", **masks)
    for causal in (False, True):
        sequence.layer("multi_head", lambda: MultiHead(6, 3, causal), [normal(2, 5, 6)], embed=6, heads=3, causal=causal, shift=0.1, note="self-attention")
    for more in ({}, {"kdim": 3}, {"bias": False}):
        torch.manual_seed(42)
        drawn = nn.MultiheadAttention(8, 2, dtype=torch.float32, **more).state_dict()
        sequence.add("multi_head_init", f"multi_head_init, {more}", {"embed": 8, "heads": 2, "seed": 42, **more},
                     state=named({name: value.detach().float() for name, value in drawn.items()}, exact))


def multi_head_dropout():
    """Float32, as the masks of the attention weights are torch's by the order of its draws."""
    name = "multi_head_dropout, p 0.3"
    g = generator(name)
    layer = MultiHead(8, 2, dropout=0.3).float()
    for value in layer.parameters():
        value.data = (torch.randn(value.shape, generator=g) * 0.5).float()
    x = [single(torch.randn((2, n, 8), generator=g)).float().requires_grad_() for n in (4, 5, 5)]
    upstream = single(torch.randn((2, 4, 8), generator=g))
    torch.manual_seed(42)
    y = layer(*x)
    (y * upstream.float()).sum().backward()
    sequence.add("multi_head_dropout", name, {"embed": 8, "heads": 2, "p": 0.3, "seed": 42},
                 state=named(layer.state_dict(), exact), inputs=[given(one) for one in x], output=given(y), upstream=given(upstream), grads=[given(one.grad) for one in x],
                 state_grads={key: given(value.grad) for key, value in layer.named_parameters()})


for record in (lstm, attention, dropout, recurrent, recurrent_dropout, lengths, projected, multi_head, multi_head_dropout):
    record()
sequence.write()
