"""Records Fourier transforms from NumPy into signals.json. A complex number is a pair: its real and its imaginary part."""

import numpy as np
import torch

from golden import Recording, generator, given, single, tensor

recording = Recording("signals.json")


def pairs(x):
    return torch.view_as_real(torch.as_tensor(x))


def draw(name, *shape):
    return single(torch.randn(shape, generator=generator(name)))


for n in (1, 2, 3, 4, 5, 6, 8, 12, 17, 31, 64, 100, 127):
    for op, function in (("fft", np.fft.fft), ("ifft", np.fft.ifft)):
        x = draw(f"{op} {n}", n, 2)
        recording.add(op, f"{op}: {n} numbers", {}, inputs=[given(x)])["output"] = tensor(pairs(function(torch.view_as_complex(x).numpy())))
    x = draw(f"rfft {n}", n)
    recording.add("rfft", f"rfft: {n} numbers", {}, inputs=[given(x)])["output"] = tensor(pairs(np.fft.rfft(x.numpy())))
    x = draw(f"irfft {n}", n // 2 + 1, 2)
    recording.add("irfft", f"irfft: {n} numbers", {"n": n}, inputs=[given(x)])["output"] = tensor(torch.as_tensor(np.fft.irfft(torch.view_as_complex(x).numpy(), n)))

recording.write()
