"""How a layer is recorded: a state, then steps with inputs, outputs and every gradient.

A case: "state" (the parameters and buffers at the start, by state_dict name, in state_dict order) and "steps". A step: args.training,
"inputs" or "ids", "output", "upstream", "grads" (of the inputs), "state_grads" (of the parameters, by name) and, where a step changes
buffers, "state" (the buffers after it). No optimiser moves between steps. num_batches_tracked is left out: it is an integer.
"""

import torch
import torch.nn.functional as F

from golden import Recording, assert_float32_agrees, exact, generator, given, made, named, single, tensor


def state_of(layer):
    return {name: value.detach().clone() for name, value in layer.state_dict().items() if not name.endswith("num_batches_tracked")}


def fill(layer, g, spread, shift):
    """Weights that no default makes: a gain of one and a bias of zero would hide their own absence."""
    for name, value in layer.named_parameters():
        value.data = single(torch.randn(value.shape, generator=g) * spread(name) + (shift if value.dim() == 1 else 0))


def run(layer, step, training, dtype):
    """One forward and backward pass: what to compare, as (output, input gradients, parameter gradients, buffers)."""
    layer.train(training)
    layer.zero_grad()
    xs = [x.detach().clone().to(dtype).requires_grad_() for x in step["xs"]]
    y = layer(*xs) if xs else layer(step["ids"])
    if step["targets"] is not None:
        y = F.cross_entropy(y.flatten(0, -2), step["targets"].flatten(), ignore_index=-1)
    if step["upstream"] is None:
        step["upstream"] = torch.tensor(1.0) if y.dim() == 0 else single(torch.randn(y.shape, generator=step["g"]))
    (y * step["upstream"].to(dtype)).sum().backward()
    state_grads = {name: p.grad.clone() for name, p in layer.named_parameters()}
    buffers = {name: b.clone() for name, b in layer.named_buffers() if not name.endswith("num_batches_tracked")}
    return y, [x.grad for x in xs], state_grads, buffers


class LayerRecording(Recording):
    def layer(self, op, make, inputs=(), ids=None, targets=None, modes=(True,), note="", spread=lambda name: 0.5, shift=0.7, **args):
        """Records one layer over len(modes) steps; a mode is whether that step trains. Weights have the standard deviation spread(name);
        those of one axis have the mean `shift`."""
        label = op + "".join(f", {key} {value}" for key, value in args.items()) + f": {note}"
        g = generator(label)
        module, module32 = make(), make()
        fill(module, g, spread, shift)
        module32.load_state_dict(module.state_dict())
        module32.float()

        case = self.add(op, label, args, state=named(state_of(module), exact), steps=[])
        for k, training in enumerate(modes):
            step = {"xs": [made(spec, g) for spec in inputs], "ids": ids, "targets": targets, "upstream": None, "g": g}
            y, grads, state_grads, buffers = run(module, step, training, torch.float64)
            y32, grads32, state_grads32, buffers32 = run(module32, step, training, torch.float32)
            assert_float32_agrees(f"{label}, step {k}", [y, *grads, *state_grads.values(), *buffers.values()],
                                  [y32, *grads32, *state_grads32.values(), *buffers32.values()])
            recorded = {"args": {"training": training}}
            if inputs:
                recorded["inputs"] = [given(x) for x in step["xs"]]
            for name, value in (("ids", ids), ("targets", targets)):
                if value is not None:
                    recorded[name] = given(value)
            recorded["output"] = tensor(y)
            recorded["upstream"] = given(step["upstream"])
            recorded["grads"] = [tensor(x) for x in grads]
            recorded["state_grads"] = named(state_grads)
            if buffers:
                recorded["state"] = named(buffers)
            case["steps"].append(recorded)
