"""Records files that torch.save writes: pytorch/NAME.pt, and pytorch_files.json with the numbers of their tensors.

State dicts of several number types, tied and strided tensors, a checkpoint with a dictionary within it, parameters; torch 1.13.
"""

import json
import pathlib

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent


def flat(name, value):
    if torch.is_tensor(value):
        yield name, value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from flat(f"{name}.{key}" if name else str(key), inside)


def main():
    torch.manual_seed(3)
    folder = HERE / "pytorch"
    folder.mkdir(exist_ok=True)
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Linear(3, 2))
    base = torch.randn(3, 4)
    files = {
        "state-dict": model.state_dict(),
        "types": {kind: (base * 10).to(getattr(torch, kind)) for kind in
                  ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")},
        "strided": {"turned": base.T, "part": base[1:, ::2], "tied": base, "single": torch.tensor(2.5), "empty": torch.zeros(0, 3)},
        "checkpoint": {"epoch": 7, "model": model.state_dict(), "loss": 0.25, "history": [1.0, 0.5], "name": "run"},
        "parameters": dict(model.named_parameters()),
    }
    lines = []
    for name, content in files.items():
        torch.save(content, folder / f"{name}.pt")
        lines.append(json.dumps({"name": name, "tensors": [
            {"name": key, "shape": list(x.shape), "data": [float(one) for one in x.detach().flatten()]} for key, x in flat("", content)]}))
    torch.save(model, folder / "whole-model.pt")
    torch.save(model.state_dict(), folder / "old-format.pt", _use_new_zipfile_serialization=False)
    (HERE / "pytorch_files.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


main()
