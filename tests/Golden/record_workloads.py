"""Records the losses of three training steps of every workload that is raced against Python, into workloads.json.

The workloads are the twins in bench/peers themselves: their parameters and data are drawn in float32 from torch's generator, seed 1, so that no
weights are stored, and trained in float64. "output" holds the loss before each of the three updates.
"""

import pathlib
import sys

import torch

from golden import Recording, tensor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench" / "peers"))

import scalar_twin  # noqa: E402
import torch_twins  # noqa: E402

torch.set_default_dtype(torch.float32)  # in which the layers draw

recording = Recording("workloads.json")
for name, make in torch_twins.TRAINING.items():
    _, check = make(torch.float64)
    recording.add("workload", name, output=tensor(torch.tensor(check(), dtype=torch.float64)))
for name, make in scalar_twin.WORKLOADS.items():
    _, check = make()
    recording.add("workload", name, output=tensor(torch.tensor(check(), dtype=torch.float64)))
recording.write()
