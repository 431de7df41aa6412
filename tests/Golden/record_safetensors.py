"""Records safetensors/: one file with every number type, the same in two files with their list, and safetensors.json with the numbers.

The bytes are laid out here from the published description of the format, with NumPy alone: a length, JSON, and the numbers.
"""

import json
import pathlib
import struct

import numpy as np

HERE = pathlib.Path(__file__).parent


def bfloat16(x):
    return (x.astype("<f4").view("<u4") >> 16).astype("<u2")


def write(path, tensors, metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, kind, shape, data in tensors:
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data for *_, data in tensors))


def main():
    rng = np.random.default_rng(4)
    folder = HERE / "safetensors"
    folder.mkdir(exist_ok=True)
    kinds = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
             "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"}
    tensors, numbers = [], {}
    for name, kind in kinds.items():
        kind = np.dtype(kind)
        if kind.kind == "f":
            x = (rng.normal(size=(2, 3)) * 10).astype(kind)
        elif kind.kind == "b":
            x = rng.integers(0, 2, (2, 3)).astype(kind)
        else:
            least, most = max(np.iinfo(kind).min, -2**53), min(np.iinfo(kind).max, 2**53)
            x = rng.integers(least, most, (2, 3), endpoint=True, dtype=kind)
            x[0, 0], x[0, 1] = least, most
        tensors.append((name, name, [2, 3], x.tobytes()))
        numbers[name] = {"shape": [2, 3], "numbers": x.astype("f8").ravel().tolist()}
    x = bfloat16(rng.normal(size=5) * 10)
    tensors.append(("BF16", "BF16", [5], x.tobytes()))
    numbers["BF16"] = {"shape": [5], "numbers": (x.astype("<u4") << 16).view("<f4").astype("f8").tolist()}
    write(folder / "types.safetensors", tensors, {"format": "np"})
    places = {}
    for i, part in enumerate((tensors[:6], tensors[6:])):
        name = f"parts-{i + 1:05}-of-00002.safetensors"
        write(folder / name, part, {"format": "np"})
        places.update({tensor: name for tensor, *_ in part})
    total = sum(len(data) for *_, data in tensors)
    (folder / "parts.safetensors.index.json").write_text(
        json.dumps({"metadata": {"total_size": total}, "weight_map": places}, indent=1) + "\n")
    (HERE / "safetensors.json").write_text(json.dumps({"tensors": numbers}) + "\n")


if __name__ == "__main__":
    main()
