"""Records gradients of gradients from PyTorch into derivatives.json.

A network's case: mean((tanh(x w1ᵀ + b1) w2ᵀ + b2 − y)²). "inputs" are x (8, 3), y (8, 2), w1 (4, 3), b1 (4), w2 (2, 4), b2 (2) and a vector of the shape of
each of the four parameters; "output" is the Hessian times these vectors, all four products in one row.
"""

import torch

from golden import Recording, generator, given, normal, tensor

derivatives = Recording("derivatives.json")
NAME = "hessian-vector product of a network"

g = generator(NAME)
x, y = normal(8, 3)(g), normal(8, 2)(g)
parameters = [normal(*shape)(g).requires_grad_() for shape in [(4, 3), (4,), (2, 4), (2,)]]
vectors = [normal(*p.shape)(g) for p in parameters]
w1, b1, w2, b2 = parameters
loss = ((torch.tanh(x @ w1.T + b1) @ w2.T + b2 - y) ** 2).mean()
first = torch.autograd.grad(loss, parameters, create_graph=True)
products = torch.autograd.grad(sum((a * v).sum() for a, v in zip(first, vectors)), parameters)

derivatives.add("hessian-vector product", NAME, inputs=[given(t) for t in (x, y, *parameters, *vectors)], output=tensor(torch.cat([p.flatten() for p in products])))
derivatives.write()
