"""Records optimisers, learning-rate schedules and gradient clipping from PyTorch into optim.json.

An optimiser's case is a regression, pred = tanh(x·w1ᵀ + b1)·w2ᵀ + b2 with the loss mean((pred - y)²), in float64: "inputs" are x (8, 3) and
y (8, 2), "state" is w1 (4, 3), b1 (4), w2 (2, 4), b2 (2) before the first step, "output" the loss of each of 50 steps, taken before its
update, and "steps" the parameters after the updates args.step = 1, 2, 3, 10 and 50, with the gradients that the next step would see.

A schedule's case: output[i] is the rate that step i uses, i from 0. For reduce_lr_on_plateau, "inputs" is the metric and output[i] the rate
after the i-th number of it was seen. A clip's case: "inputs" are the gradients before, "grads" those after, "output" the total norm before.
"""

import math
import warnings

import torch
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop, lr_scheduler

from golden import Recording, generator, given, named, normal, tensor

optim = Recording("optim.json")
RECORDED_STEPS = (1, 2, 3, 10, 50)
warnings.filterwarnings("ignore", "Detected call of .lr_scheduler.step")


def label_of(op, args):
    return op + "".join(f", {key} {value}" for key, value in args.items())


def trajectory(op, make, **args):
    g = generator("regression")
    x, y = normal(8, 3)(g), normal(8, 2)(g)
    start = {"w1": normal(4, 3, scale=0.6)(g), "b1": normal(4, scale=0.2)(g), "w2": normal(2, 4, scale=0.6)(g), "b2": normal(2, scale=0.2)(g)}
    parameters = {name: p.clone().requires_grad_() for name, p in start.items()}
    optimizer = make(list(parameters.values()))

    def loss():
        optimizer.zero_grad()
        w1, b1, w2, b2 = parameters.values()
        value = ((torch.tanh(x @ w1.T + b1) @ w2.T + b2 - y) ** 2).mean()
        value.backward()
        return value.item()

    losses, steps, current = [], [], loss()
    for step in range(1, 51):
        losses.append(current)
        optimizer.step()
        current = loss()
        if step in RECORDED_STEPS:
            steps.append({"args": {"step": step}, "state": named(parameters), "state_grads": named({n: p.grad for n, p in parameters.items()})})
    assert losses[-1] < losses[0], f"{op} did not learn: {losses[0]} {losses[-1]}"
    optim.add(op, label_of(op, args), args, inputs=[given(x), given(y)], state={n: given(p) for n, p in start.items()},
              output=tensor(torch.tensor(losses)), steps=steps)


def optimisers():
    trajectory("sgd", lambda p: SGD(p, 0.1), lr=0.1)
    trajectory("sgd", lambda p: SGD(p, 0.1, weight_decay=0.01), lr=0.1, weight_decay=0.01)
    trajectory("sgd", lambda p: SGD(p, 0.05, momentum=0.9), lr=0.05, momentum=0.9)
    trajectory("sgd", lambda p: SGD(p, 0.05, momentum=0.9, weight_decay=0.01), lr=0.05, momentum=0.9, weight_decay=0.01)
    trajectory("sgd", lambda p: SGD(p, 0.05, momentum=0.9, nesterov=True), lr=0.05, momentum=0.9, nesterov=True)
    trajectory("sgd", lambda p: SGD(p, 0.05, momentum=0.9, nesterov=True, weight_decay=0.01), lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01)
    trajectory("adagrad", lambda p: Adagrad(p, 0.1), lr=0.1, eps=1e-10)
    trajectory("adagrad", lambda p: Adagrad(p, 0.1, weight_decay=0.01), lr=0.1, eps=1e-10, weight_decay=0.01)
    rms = {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}
    trajectory("rmsprop", lambda p: RMSprop(p, **rms), **rms)
    trajectory("rmsprop", lambda p: RMSprop(p, **rms, momentum=0.9), **rms, momentum=0.9)
    trajectory("rmsprop", lambda p: RMSprop(p, **rms, centered=True), **rms, centered=True)
    trajectory("rmsprop", lambda p: RMSprop(p, **rms, centered=True, momentum=0.9, weight_decay=0.01), **rms, centered=True, momentum=0.9,
               weight_decay=0.01)
    for op, adam in (("adam", Adam), ("adamw", AdamW)):
        for beta1, beta2, eps in ((0.9, 0.999, 1e-8), (0.8, 0.95, 1e-3)):
            for decay in (0, 0.01, 0.1):
                trajectory(op, lambda p: adam(p, 0.02, (beta1, beta2), eps, decay), lr=0.02, beta1=beta1, beta2=beta2, eps=eps, weight_decay=decay)


def groups():
    """A step of two groups, the second with a tenth of the rate and a decay of its own: w1 b1 | w2 b2."""
    for op, make in (("sgd", lambda p: SGD(p, 0.1, 0.9)), ("adamw", lambda p: AdamW(p, 0.02)), ("adam", lambda p: Adam(p, 0.02)),
                     ("rmsprop", lambda p: RMSprop(p, 0.01)), ("adagrad", lambda p: Adagrad(p, 0.05))):
        parameters = [torch.tensor([0.5, -1.0, 2.0], requires_grad=True), torch.tensor([[1.0, -0.5]], requires_grad=True)]
        optimizer = make([{"params": [parameters[0]]}, {"params": [parameters[1]]}])
        optimizer.param_groups[1]["lr"] *= 0.1
        optimizer.param_groups[1]["weight_decay"] = 0.05
        for _ in range(5):
            optimizer.zero_grad()
            sum((p ** 2).sum() * 0.5 + p.sum() * 0.25 for p in parameters).backward()
            optimizer.step()
        optim.add(f"groups_{op}", f"groups_{op}", {}, output=tensor(torch.cat([p.detach().flatten() for p in parameters])))


def schedule(op, make, **args):
    optimizer = SGD([torch.zeros(1, requires_grad=True)], args.get("lr", 0.1))
    scheduler = make(optimizer)
    rates = []
    for _ in range(60):
        rates.append(optimizer.param_groups[0]["lr"])
        scheduler.step()
    optim.add(op, label_of(op, args), args, output=tensor(torch.tensor(rates)))


def cosine_with_warmup(peak, floor, warmup, total, from_zero):
    """nanoGPT's rule, twice: its warm-up began at zero (step / warmup), and later one step up ((step + 1) / (warmup + 1))."""
    rates = []
    for step in range(60):
        if step < warmup:
            rates.append(peak * (step / warmup if from_zero else (step + 1) / (warmup + 1)))
        elif step > total:
            rates.append(floor)
        else:
            rates.append(floor + 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) * (peak - floor))
    args = {"max_lr": peak, "min_lr": floor, "warmup": warmup, "total": total, "from_zero": from_zero}
    optim.add("cosine_with_warmup", label_of("cosine_with_warmup", args), args, output=tensor(torch.tensor(rates)))


def plateau(name, metric, **args):
    rate = 0.1
    optimizer = SGD([torch.zeros(1, requires_grad=True)], rate)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **args)
    rates = []
    for value in metric:
        scheduler.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    args = {"lr": rate, **args}
    optim.add("reduce_lr_on_plateau", f"{label_of('reduce_lr_on_plateau', args)}: {name}", args,
              inputs=[given(torch.tensor(metric))], output=tensor(torch.tensor(rates)))


def schedules():
    for size, gamma in ((20, 0.1), (7, 0.5)):
        schedule("step_lr", lambda o: lr_scheduler.StepLR(o, size, gamma), lr=0.1, step_size=size, gamma=gamma)
    for start, end, total in ((1 / 3, 1, 5), (1, 0.1, 60), (0.01, 1, 20)):
        schedule("linear_lr", lambda o: lr_scheduler.LinearLR(o, start, end, total), lr=0.05, start_factor=start, end_factor=end, total=total)
    for total, floor in ((60, 0), (60, 0.01), (20, 0.001)):
        schedule("cosine_annealing_lr", lambda o: lr_scheduler.CosineAnnealingLR(o, total, floor), lr=0.1, t_max=total, min_lr=floor)
    for gamma in (0.9, 0.5):
        schedule("exponential_lr", lambda o: lr_scheduler.ExponentialLR(o, gamma), lr=0.1, gamma=gamma)
    schedule("lambda_lr", lambda o: lr_scheduler.LambdaLR(o, lambda step: 1 / (1 + step)), lr=0.1)
    for period, growth, floor in ((10, 1, 0), (10, 2, 0.001), (7, 3, 0.01)):
        schedule("warm_restarts", lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, period, growth, floor), lr=0.1, period=period, growth=growth, min_lr=floor)
    schedule("sequential_lr", lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, 1, 10), lr_scheduler.ExponentialLR(o, 0.9), lr_scheduler.StepLR(o, 5, 0.5)], [10, 30]), lr=0.1)
    for from_zero in (True, False):
        cosine_with_warmup(6e-4, 6e-5, 10, 50, from_zero)
    cosine_with_warmup(1e-3, 0, 0, 60, False)
    for share, div, final in ((0.3, 25, 1e4), (0.1, 10, 100)):
        schedule("one_cycle_lr", lambda o: lr_scheduler.OneCycleLR(o, 0.1, 60, pct_start=share, div_factor=div, final_div_factor=final,
                                                                   cycle_momentum=False),
                 max_lr=0.1, total=60, pct_start=share, div_factor=div, final_div_factor=final)
    g = generator("plateau")
    metric = [round(2 / (1 + k / 4) + 0.3 + 0.1 * v, 4) for k, v in enumerate(torch.randn(60, generator=g).tolist())]
    plateau("a falling, noisy loss", metric, factor=0.5, patience=3, threshold=1e-4, cooldown=0, min_lr=0.0)
    plateau("a falling, noisy loss", metric, factor=0.5, patience=3, threshold=1e-4, cooldown=5, min_lr=0.0)
    plateau("a falling, noisy loss", metric, factor=0.1, patience=2, threshold=0.05, cooldown=1, min_lr=1e-3)
    plateau("a flat loss", [1.0] * 60, factor=0.1, patience=10, threshold=1e-4, cooldown=0, min_lr=0.0)
    plateau("a loss that creeps below the threshold", [1 - 5e-5 * k for k in range(60)], factor=0.1, patience=10, threshold=1e-4, cooldown=0,
            min_lr=1e-5)


def clips():
    for scale, limit in ((1.0, 1.0), (1.0, 100.0), (5.0, 0.25), (0.0, 1.0)):
        clip("clip_grad_norm", scale, limit, lambda ps: torch.nn.utils.clip_grad_norm_(ps, limit))
    for scale, limit in ((1.0, 0.5), (0.1, 10.0)):
        clip("clip_grad_value", scale, limit, lambda ps: torch.nn.utils.clip_grad_value_(ps, limit))


def clip(op, scale, limit, apply):
    label = f"{op}, limit {limit}: gradients of scale {scale}"
    g = generator(label)
    before = [normal(3, 4, scale=scale)(g), normal(4, scale=scale)(g), normal(2, 3, scale=scale)(g)]
    parameters = [torch.zeros_like(x, requires_grad=True) for x in before]
    for p, x in zip(parameters, before):
        p.grad = x.clone()
    norm = apply(parameters)
    case = optim.add(op, label, {"limit": limit}, inputs=[given(x) for x in before], grads=[tensor(p.grad) for p in parameters])
    if norm is not None:
        case["output"] = tensor(norm)


for record in (optimisers, groups, schedules, clips):
    record()
optim.write()
