#!/usr/bin/env python3
"""The perceptrons of bench/ChainRule.Bench in scikit-learn: MLPRegressor and MLPClassifier, an epoch a step.

Weights and data are drawn from torch's generator, seed 1, as in torch_twins.py; scikit-learn is given them, keeps the rows in their order, and has no
weight decay. A call of partial_fit is an epoch. The loss that it reports is half the squared error; twice that is compared.
"""

import numpy as np
import torch
import torch.nn as nn
from sklearn.neural_network import MLPClassifier, MLPRegressor

import timing
from torch_twins import DIGITS, HOUSING, SEED


def table(rows, inputs, hidden, classes, batch):
    def make(dtype=np.float32):
        torch.manual_seed(SEED)
        sizes = [inputs, *hidden, max(1, classes)]
        drawn = iter([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        first = [(one.weight.detach().numpy().T.astype(dtype), one.bias.detach().numpy().astype(dtype)) for one in drawn]
        x = torch.randn(rows, inputs).numpy().astype(dtype)
        y = torch.randint(0, classes, (rows,)).numpy() if classes else torch.randn(rows, 1).numpy().astype(dtype).ravel()
        kind = MLPClassifier if classes else MLPRegressor
        net = kind(hidden, activation="relu", solver="adam", alpha=0, batch_size=batch, learning_rate_init=1e-3, shuffle=False)
        given = iter(first)
        net._init_coef = lambda fan_in, fan_out, kind: tuple(np.ascontiguousarray(part) for part in next(given))
        more = {"classes": np.arange(classes)} if classes else {}

        def epoch():
            net.partial_fit(x, y, **more)
            return net.loss_ * (1 if classes else 2)
        return epoch, lambda: [epoch() for _ in range(3)]
    return make


WORKLOADS = {"mlp-regressor-sklearn": table(*HOUSING), "mlp-classifier-sklearn": table(*DIGITS)}

if __name__ == "__main__":
    given = timing.options(__doc__.split("\n")[0])
    torch.set_num_threads(given.threads)
    timing.run(WORKLOADS, given)
