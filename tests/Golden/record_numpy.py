"""Records arrays that NumPy writes, one file for each number type, order and version: numpy/NAME.npy and numpy/arrays.npz; numpy.json has their numbers.

numpy.json is an array with one case a line: name (the file), shape, and data, row-major. Also reads the files named on the command line, and prints type,
shape and sum of each array, so that what ChainRule wrote can be looked at: record_numpy.py --read FILE…
"""

import json
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent


def main():
    rng = np.random.default_rng(5)
    folder = HERE / "numpy"
    folder.mkdir(exist_ok=True)
    base = rng.normal(size=(3, 4)) * 10
    cases = {
        "f2": base.astype("<f2"), "f4": base.astype("<f4"), "f8": base, "big-f4": base.astype(">f4"), "big-i2": base.astype(">i2"),
        "i1": base.astype("i1"), "u1": np.abs(base).astype("u1"), "i2": (base * 100).astype("<i2"), "u2": np.abs(base * 100).astype("<u2"),
        "i4": (base * 1e5).astype("<i4"), "u4": np.abs(base * 1e5).astype("<u4"), "i8": (base * 1e9).astype("<i8"), "u8": np.abs(base * 1e9).astype("<u8"),
        "bool": base > 0, "fortran": np.asfortranarray(rng.normal(size=(2, 3, 4))), "fortran-i4": np.asfortranarray(base.astype("<i4")),
        "scalar": np.float64(2.5), "empty": np.zeros((0, 3), "<f4"), "vector": np.arange(5, dtype="<f4"),
    }
    lines = []
    for name, x in cases.items():
        np.save(folder / f"{name}.npy", x)
        lines.append((f"{name}.npy", np.asarray(x)))
    with open(folder / "version-2.npy", "wb") as file:
        np.lib.format.write_array(file, cases["f4"], version=(2, 0))
    lines.append(("version-2.npy", cases["f4"]))
    np.savez(folder / "arrays.npz", weight=cases["f4"], bias=cases["vector"])
    np.savez_compressed(folder / "compressed.npz", weight=cases["f8"], steps=cases["i8"])
    (HERE / "numpy.json").write_text("[\n" + ",\n".join(json.dumps(
        {"name": name, "shape": list(x.shape), "data": [float(one) for one in x.flatten()]}) for name, x in lines) + "\n]\n")


def read(paths):
    for path in paths:
        arrays = np.load(path)
        for name, x in arrays.items() if hasattr(arrays, "items") else [("array", arrays)]:
            print(f"{path}: {name} {x.dtype} {x.shape} sum {x.astype(float).sum():.6f}")


read(sys.argv[2:]) if sys.argv[1:2] == ["--read"] else main()
