"""Records the losses of makemore part 2's first network, which learns the first five names by heart, into overfit.json.

The parameters are drawn in float32 (seed 2147483647, in the order C, W1, b1, W2, b2) and trained in float64 by full-batch gradient descent at rate
0.1. "output" holds the loss before any step, and after each of 220.
"""

import torch
import torch.nn.functional as F

from golden import Recording, tensor

STEPS, RATE = 220, 0.1

contexts, targets = [], []
for name in ("emma", "olivia", "ava", "isabella", "sophia"):
    window = [0, 0, 0]
    for c in name + ".":
        i = 0 if c == "." else ord(c) - ord("a") + 1
        contexts.append(window)
        targets.append(i)
        window = window[1:] + [i]
x, y = torch.tensor(contexts), torch.tensor(targets)

g = torch.Generator().manual_seed(2147483647)
shapes = ((27, 2), (6, 100), (100,), (100, 27), (27,))
parameters = [torch.randn(shape, generator=g, dtype=torch.float32).double().requires_grad_() for shape in shapes]
losses = []
for step in range(STEPS + 1):
    C, W1, b1, W2, b2 = parameters
    loss = F.cross_entropy(torch.tanh(C[x].view(-1, 6) @ W1 + b1) @ W2 + b2, y)
    losses.append(loss.item())
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data -= RATE * p.grad

recording = Recording("overfit.json")
recording.add("overfit", "overfit of the first five names", {"rate": RATE}, output=tensor(torch.tensor(losses)))
recording.write()
