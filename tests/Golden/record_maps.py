"""Records self-organising maps into maps.json, computed here by the formulas of the textbooks and of the published MiniSom: Gaussian neighbourhoods, rate and
radius divided by 1 + t / (T / 2), one row at a time; and the batch form, with a radius that falls geometrically.

inputs hold x and the first weights [units, inputs]; ids the order of rows (online). output holds the final weights, state the two errors and the U-matrix.
"""

import numpy as np
import torch

from golden import Recording, generator, given, single, tensor

recording = Recording("maps.json")


def places(rows, columns, hexagonal):
    return np.array([(c + 0.5 * (r % 2) * hexagonal, r * (np.sqrt(3) / 2 if hexagonal else 1)) for r in range(rows) for c in range(columns)])


def distances(rows, columns, hexagonal, toroidal):
    p = places(rows, columns, hexagonal)
    d = np.abs(p[:, None] - p[None])
    if toroidal:
        d = np.minimum(d, np.array([columns, rows * (np.sqrt(3) / 2 if hexagonal else 1)]) - d)
    return np.sqrt((d ** 2).sum(-1))


def best(x, w):
    return np.linalg.norm(x[:, None] - w[None], axis=-1).argsort(1, kind="stable")


def online(x, w, order, d, rate, radius):
    w = w.copy()
    for t, i in enumerate(order):
        decay = 1 + t / (len(order) / 2)
        h = np.exp(-d[best(x[i:i + 1], w)[0, 0]] ** 2 / (2 * (radius / decay) ** 2))
        w += rate / decay * h[:, None] * (x[i] - w)
    return w


def batch(x, w, passes, d, first, last):
    w = w.copy()
    for radius in np.geomspace(first, last, passes):
        h = np.exp(-d[best(x, w)[:, 0]] ** 2 / (2 * radius ** 2))
        w = h.T @ x / h.sum(0)[:, None]
    return w


for rows, columns in ((4, 6), (6, 3)):
    for hexagonal in (False, True):
        for toroidal in (False, True):
            for is_batch in (False, True):
                name = f"{rows} × {columns}, {'hexagonal' if hexagonal else 'rectangular'}{', toroidal' if toroidal else ''}, {'batch' if is_batch else 'online'}"
                g = generator(name)
                x = single(torch.randn(40, 3, generator=g) + 3 * torch.randint(2, (40, 1), generator=g)).numpy()
                w = single(torch.randn(rows * columns, 3, generator=g)).numpy()
                passes, rate, radius, last = 6, 0.5, 2.0, 0.75
                order = np.concatenate([torch.randperm(40, generator=g).numpy() for _ in range(passes)])
                d = distances(rows, columns, hexagonal, toroidal)
                found = batch(x, w, passes, d, radius, last) if is_batch else online(x, w, order, d, rate, radius)
                near = (d > 0) & (d <= (1 if hexagonal else np.sqrt(2)) + 1e-9)
                b = best(x, found)
                between = np.linalg.norm(found[:, None] - found[None], axis=-1)
                case = recording.add("map", f"map: {name}", dict(rows=rows, columns=columns, hexagonal=hexagonal, toroidal=toroidal, batch=is_batch, passes=passes, rate=rate, radius=radius, last=last),
                                     inputs=[given(torch.as_tensor(x)), given(torch.as_tensor(w))])
                case["ids"] = given(torch.as_tensor(order))
                case["output"] = tensor(torch.as_tensor(found))
                case["state"] = {
                    "quantization": tensor(torch.tensor([np.linalg.norm(x - found[b[:, 0]], axis=1).mean()])),
                    "topographic": tensor(torch.tensor([1 - near[b[:, 0], b[:, 1]].mean()])),
                    "u_matrix": tensor(torch.as_tensor((between * near).sum(1) / near.sum(1)))}
recording.write()
