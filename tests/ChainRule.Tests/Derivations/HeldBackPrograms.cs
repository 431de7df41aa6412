using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

/// <summary>
/// Programs that the diagnosis was not written with: what it names here shows what it does on new ones.
/// </summary>
static class HeldBackPrograms
{
    public static readonly HandProgram[] All =
    [
        new("residual network", true, Residual, """
            dy = 2 * (y - t) / y.size
            dx1 = dy @ Wo.T
            dWo = x1.T @ dy
            dg = dx1
            dW2 = r.T @ dg
            dr = dg @ W2.T
            da = (a > 0) * dr
            dW1 = x0.T @ da
            db = da.sum(0)
            dx0 = dx1 + da @ W1.T
            """,
            ("dx0 = dx1 + da @ W1.T", "dx0 = da @ W1.T", Mistake.MissingUse)),
        new("GRU step", true, GruStep, """
            dn = dh * (1 - z)
            dz = dh * (h0 - n)
            dun = dn * (1 - n**2)
            duz = dz * z * (1 - z)
            dr = dun * hn
            dhn = dun * r
            dur = dr * r * (1 - r)
            dUn = h0.T @ dhn
            dUz = h0.T @ duz
            dUr = h0.T @ dur
            dWn = x.T @ dun
            dWz = x.T @ duz
            dWr = x.T @ dur
            dh0 = dh * z + dhn @ Un.T + duz @ Uz.T + dur @ Ur.T
            """,
            ("duz = dz * z * (1 - z)", "duz = dz * uz * (1 - uz)", Mistake.LocalDerivativeElsewhere),
            ("dun = dn * (1 - n**2)", "dun = dn * (1 - un**2)", Mistake.LocalDerivativeElsewhere)),
        new("convolution", true, Convolution, """
            dy = (y > 0) * dr
            dk = torch.zeros_like(k)
            dx = torch.zeros_like(x)
            for j in range(3):
              dk[j] += (x[:, j:j+6] * dy).sum()
              dx[:, j:j+6] += k[j] * dy
            db = dy.sum().view(1)
            """,
            ("dx[:, j:j+6] += k[j] * dy", "dx[:, j:j+6] = k[j] * dy", Mistake.Overwritten),
            ("dk[j] += (x[:, j:j+6] * dy).sum()", "dk[j] += (x[:, j:j+6] * dy).mean()", Mistake.MeanForSum)),
        new("gated unit behind RMS norm", true, Gated, """
            dv = g * dy
            dg = v * dy
            du = dg * (sg + u * sg * (1 - sg))
            dxn = du @ Wu.T + dv @ Wv.T
            dWu = xn.T @ du
            dWv = xn.T @ dv
            dr = (x * dxn).sum(1, keepdim=True)
            dms = -0.5 * (ms + 1e-6)**-1.5 * dr
            dx = r * dxn + 2 * x / d * dms
            """,
            ("dx = r * dxn + 2 * x / d * dms", "dx = r * dxn", Mistake.MissingUse),
            ("du = dg * (sg + u * sg * (1 - sg))", "du = dg * sg", Mistake.MissingUse)),
        new("autoencoder", true, Autoencoder, """
            dy = 2 * (y - t) / y.size
            dV = h.T @ dy
            dh = dy @ V.T
            du = dh * h * (1 - h)
            dW = x.T @ du
            db = du.sum(0)
            dx = du @ W.T
            """),
        new("normalised exponentials", true, Exponentials, """
            dq = t / q
            ds = (-dq * e / s**2).sum(1, keepdim=True)
            de = dq / s
            de += ds
            da = e * de
            dw = (x * da).sum(0)
            dx = w * da
            """),
    ];

    // The last two were written when numbers alone had been mended: what they show of them is a first try.
    static Tensor Autoencoder(Sheet s)
    {
        var x = s.Parameter("x", [6, 5], 1);
        var h = s.Name("h", s.Name("u", x.MatMul(s.Parameter("W", [5, 4])) + s.Parameter("b", [4])).Sigmoid());
        var y = s.Name("y", h.MatMul(s.Parameter("V", [4, 5])));
        return (y - s.Data("t", [6, 5])).Square().Mean();
    }

    static Tensor Exponentials(Sheet s)
    {
        var x = s.Parameter("x", [6, 4], 1);
        var e = s.Name("e", s.Name("a", x * s.Parameter("w", [4], 1)).Exp());
        var q = s.Name("q", e / s.Name("s", e.Sum(1, keepDim: true)));
        return (q.Log() * s.Data("t", [6, 4])).Sum();
    }

    static Tensor Residual(Sheet s)
    {
        var x0 = s.Parameter("x0", [7, 5], 1);
        var r = s.Name("r", s.Name("a", x0.MatMul(s.Parameter("W1", [5, 6])) + s.Parameter("b", [6])).Relu());
        var x1 = s.Name("x1", x0 + s.Name("g", r.MatMul(s.Parameter("W2", [6, 5]))));
        var y = s.Name("y", x1.MatMul(s.Parameter("Wo", [5, 3])));
        return (y - s.Data("t", [7, 3])).Square().Mean();
    }

    static Tensor GruStep(Sheet s)
    {
        var x = s.Data("x", [6, 3]);
        var h0 = s.Parameter("h0", [6, 4], 1);
        Tensor W(string name) => s.Parameter(name, [3, 4]);
        Tensor U(string name) => s.Parameter(name, [4, 4]);
        var r = s.Name("r", s.Name("ur", x.MatMul(W("Wr")) + h0.MatMul(U("Ur"))).Sigmoid());
        var z = s.Name("z", s.Name("uz", x.MatMul(W("Wz")) + h0.MatMul(U("Uz"))).Sigmoid());
        var hn = s.Name("hn", h0.MatMul(U("Un")));
        var n = s.Name("n", s.Name("un", x.MatMul(W("Wn")) + r * hn).Tanh());
        return (((1 - z) * n + z * h0) * s.Data("dh", [6, 4])).Sum();
    }

    static Tensor Convolution(Sheet s)
    {
        var x = s.Parameter("x", [4, 8], 1);
        var k = s.Parameter("k", [3], 1);
        var y = s.Parameter("b", [1]) + x.Slice(1, 0, 6) * k.Slice(0, 0, 1);
        for (int j = 1; j < 3; j++) y += x.Slice(1, j, j + 6) * k.Slice(0, j, j + 1);
        return (s.Name("y", y).Relu() * s.Data("dr", [4, 6])).Sum();
    }

    static Tensor Gated(Sheet s)
    {
        s.Number("d", 5);
        var x = s.Parameter("x", [6, 5], 1);
        var r = s.Name("r", (s.Name("ms", x.Square().Mean(1, keepDim: true)) + 1e-6).Pow(-0.5));
        var xn = s.Name("xn", x * r);
        var u = s.Name("u", xn.MatMul(s.Parameter("Wu", [5, 4])));
        var v = s.Name("v", xn.MatMul(s.Parameter("Wv", [5, 4])));
        var g = s.Name("g", u * s.Name("sg", u.Sigmoid()));
        return (g * v * s.Data("dy", [6, 4])).Sum();
    }
}
