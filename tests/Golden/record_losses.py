"""Records values and gradients of the loss functions from PyTorch into losses.json.

Each case is one reduction. Targets that are classes stand in "ids"; real targets are the second input. Where only the prediction is
asked for its gradient, the target's is null.
"""

import torch
import torch.nn.functional as F

from golden import Recording, normal, single

losses = Recording("losses.json")
REDUCTIONS = ("none", "mean", "sum")
HUGE = [[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [0.0, 1e4, 1e4], [1.0, 2.0, -1e4]]
TARGET = (1,)


def probabilities(*shape):
    return lambda g: single(torch.randn(shape, generator=g).softmax(-1))


def log_probabilities(*shape):
    return lambda g: single(torch.randn(shape, generator=g).log_softmax(-1))


def signs(*shape):
    return lambda g: torch.randint(0, 2, shape, generator=g) * 2.0 - 1


def flat(f):
    """PyTorch wants classes on axis 1; here they are on the last, and the leading axes are one batch."""
    return lambda x, t, reduction, **more: (
        f(x.reshape(-1, x.shape[-1]), t.flatten(), reduction=reduction, **more).reshape(t.shape if reduction == "none" else ())
    )


def classes():
    cross_entropy, nll = flat(F.cross_entropy), flat(F.nll_loss)
    for reduction in REDUCTIONS:
        for shape, ids in (([4, 3], [2, 0, 1, 1]), ([2, 3, 4], [[0, 3, 1], [2, 2, 0]]), ([1, 5], [4]), ([5, 27], [0, 26, 13, 13, 1])):
            t = torch.tensor(ids)
            losses.function("cross_entropy", lambda x: cross_entropy(x, t, reduction), normal(*shape, scale=2.0), ids=t, reduction=reduction)
            losses.function("cross_entropy", lambda x: cross_entropy(x, t, reduction, label_smoothing=0.1), normal(*shape, scale=2.0), ids=t,
                            reduction=reduction, label_smoothing=0.1)
            losses.function("nll", lambda x: nll(x, t, reduction), log_probabilities(*shape), ids=t, reduction=reduction)
        for shape, ids in (([4, 3], [2, -1, 1, -1]), ([2, 3, 4], [[-1, 3, 1], [2, 2, -1]])):
            t = torch.tensor(ids)
            losses.function("cross_entropy", lambda x: cross_entropy(x, t, reduction, ignore_index=-1), normal(*shape, scale=2.0), ids=t,
                            reduction=reduction, ignore_index=-1)
            losses.function("cross_entropy", lambda x: cross_entropy(x, t, reduction, ignore_index=-1, label_smoothing=0.1),
                            normal(*shape, scale=2.0), ids=t, reduction=reduction, ignore_index=-1, label_smoothing=0.1)
            losses.function("nll", lambda x: nll(x, t, reduction, ignore_index=-1), log_probabilities(*shape), ids=t,
                            reduction=reduction, ignore_index=-1)
        t = torch.tensor([1, 2, 1, 0])
        losses.function("cross_entropy", lambda x: cross_entropy(x, t, reduction), HUGE, ids=t, reduction=reduction, note="logits of ±10000")
        losses.function("cross_entropy", lambda x: cross_entropy(x, t, reduction, label_smoothing=0.1), HUGE, ids=t, reduction=reduction,
                        label_smoothing=0.1, note="logits of ±10000")


def weighted_classes():
    w = [0.5, 2.0, 0.0, 1.25]
    for reduction in REDUCTIONS:
        for smoothing in (0, 0.1):
            for shape, ids, ignore in (([4, 4], [2, 0, 1, 3], -1), ([2, 3, 4], [[-1, 3, 1], [2, 2, -1]], -1)):
                t = torch.tensor(ids)
                f = flat(F.cross_entropy)
                losses.function("cross_entropy_weighted", lambda x, weights: f(x, t, reduction, weight=weights, ignore_index=ignore, label_smoothing=smoothing),
                                normal(*shape, scale=2.0), w, constant=TARGET, ids=t, reduction=reduction, label_smoothing=smoothing, ignore_index=ignore)
            for shape in ([5], [3, 4]):
                soft = lambda x, p: F.cross_entropy(x.reshape(-1, x.shape[-1]), p.reshape(-1, x.shape[-1]), reduction=reduction, label_smoothing=smoothing)
                shaped = lambda x, p: soft(x, p).reshape(x.shape[:-1] if reduction == "none" else ())
                losses.function("cross_entropy_soft", shaped, normal(*shape, scale=2.0), probabilities(*shape), constant=TARGET, reduction=reduction,
                                label_smoothing=smoothing)
        losses.function("cross_entropy_soft_weighted", lambda x, p, weights: F.cross_entropy(x, p, weight=weights, reduction=reduction),
                        normal(3, 4, scale=2.0), probabilities(3, 4), w, constant=(1, 2), reduction=reduction)
        t = torch.tensor([2, 0, 1, 3])
        losses.function("nll_weighted", lambda x, weights: F.nll_loss(x, t, weight=weights, reduction=reduction), log_probabilities(4, 4), w, constant=TARGET, ids=t,
                        reduction=reduction)
        for shape, p in (([6], [3.0]), ([4, 3], [3.0, 0.5, 1.0])):
            losses.function("bce_with_positive_weight", lambda x, t, pos: F.binary_cross_entropy_with_logits(x, t, pos_weight=pos, reduction=reduction),
                            normal(*shape, scale=2.0), lambda g: single(torch.rand(shape, generator=g)), p, constant=(1, 2), reduction=reduction)
        losses.function("bce_with_weight", lambda x, t, w: F.binary_cross_entropy_with_logits(x, t, weight=w, reduction=reduction),
                        normal(4, 3, scale=2.0), lambda g: torch.randint(0, 2, (4, 3), generator=g).double(), [1.0, 0.5, 2.0], constant=(1, 2), reduction=reduction)


def distances():
    for reduction in REDUCTIONS:
        for shape in ([5], [4, 1], [3, 4], [2, 3, 2]):
            losses.function("mse", lambda x, t: F.mse_loss(x, t, reduction=reduction), normal(*shape), normal(*shape), reduction=reduction)
            losses.function("l1", lambda x, t: F.l1_loss(x, t, reduction=reduction), normal(*shape), normal(*shape), reduction=reduction)
            for delta in (1, 0.5):
                losses.function("huber", lambda x, t: F.huber_loss(x, t, reduction=reduction, delta=delta), normal(*shape), normal(*shape),
                                reduction=reduction, delta=delta)
        losses.function("l1", lambda x, t: F.l1_loss(x, t, reduction=reduction), [1.0, -2.0, 0.5], [1.0, 2.0, 0.0], reduction=reduction,
                        note="an exact hit has slope zero")
        losses.function("huber", lambda x, t: F.huber_loss(x, t, reduction=reduction), [1.0, -1.0, 0.0, 30.0], [0.0, 0.0, 0.0, 0.0],
                        reduction=reduction, delta=1, note="at the bend, at zero and far away")


def margins():
    reduce = {"none": lambda x: x, "mean": torch.mean, "sum": torch.sum}
    for reduction in REDUCTIONS:
        hinge = lambda x, t: reduce[reduction](torch.relu(1 - x * t))
        for shape in ([6], [5, 1], [2, 3]):
            losses.function("hinge", hinge, normal(*shape), signs(*shape), constant=TARGET, reduction=reduction)
        losses.function("hinge", hinge, [1.0, -1.0, 2.0, 0.0], [1.0, -1.0, 1.0, 1.0], constant=TARGET, reduction=reduction,
                        note="on the margin the slope is zero")


def binary():
    for reduction in REDUCTIONS:
        f = lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=reduction)
        for shape in ([6], [4, 1], [2, 3]):
            losses.function("bce_with_logits", f, normal(*shape, scale=2.0), lambda g: torch.randint(0, 2, shape, generator=g).double(),
                            constant=TARGET, reduction=reduction)
        losses.function("bce_with_logits", f, normal(3, 2), [[0.25, 0.5], [0.0, 1.0], [0.75, 0.125]], constant=TARGET, reduction=reduction,
                        note="soft targets")
        losses.function("bce_with_logits", f, [1e4, -1e4, 1e4, -1e4, 0.0, 30.0], [1.0, 1.0, 0.0, 0.0, 1.0, 0.0], constant=TARGET,
                        reduction=reduction, note="logits of ±10000")


def divergences():
    for reduction in (*REDUCTIONS, "batchmean"):
        f = lambda x, t: F.kl_div(x, t, reduction=reduction)
        for shape in ([4], [3, 5], [2, 3, 4]):
            losses.function("kl_div", f, log_probabilities(*shape), probabilities(*shape), constant=TARGET, reduction=reduction)
        losses.function("kl_div", f, log_probabilities(2, 3), [[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]], constant=TARGET, reduction=reduction,
                        note="a target of zero adds nothing")


for record in (classes, weighted_classes, distances, margins, binary, divergences):
    record()
losses.write()
