using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

/// <summary>The programs that the corpus of mistakes is made of.</summary>
static class HandPrograms
{
    public static readonly HandProgram[] All =
    [
        new("makemore's network with batch norm", false, BatchNorm, BatchNormLines),
        new("linear classifier", false, Classifier, """
            dz = (F.softmax(z, 1) - F.one_hot(Y, 5)) / n
            dW = X.T @ dz
            db = dz.sum(0)
            """,
            ("dz = (F.softmax(z, 1) - F.one_hot(Y, 5)) / n", "dz = F.softmax(z, 1) / n", Mistake.SoftmaxJacobian),
            ("dz = (F.softmax(z, 1) - F.one_hot(Y, 5)) / n", "dz = -F.one_hot(Y, 5) / n", Mistake.SoftmaxJacobian),
            ("dz = (F.softmax(z, 1) - F.one_hot(Y, 5)) / n", "dz = -F.one_hot(Y, 5) / F.softmax(z, 1) / n",
                Mistake.SoftmaxJacobian),
            ("dz = (F.softmax(z, 1) - F.one_hot(Y, 5)) / n", "dz = (z - F.one_hot(Y, 5)) / n",
                Mistake.SoftmaxJacobian)),
        new("linear regression", false, Regression, """
            dy = 2 * (y - t) / n
            dw = X.T @ dy
            db = dy.sum(0)
            """),
        new("attention head", false, Attention, """
            da = do @ v.T
            dv = a.T @ do
            ds = a * (da - (a * da).sum(1, keepdim=True))
            dq = ds @ k / 2
            dk = ds.T @ q / 2
            dWq = x.T @ dq
            dWk = x.T @ dk
            dWv = x.T @ dv
            dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
            """,
            ("ds = a * (da - (a * da).sum(1, keepdim=True))", "ds = a * da", Mistake.SoftmaxJacobian),
            ("ds = a * (da - (a * da).sum(1, keepdim=True))", "ds = a * (1 - a) * da", Mistake.SoftmaxJacobian),
            ("ds = a * (da - (a * da).sum(1, keepdim=True))", "ds = da", Mistake.SoftmaxJacobian)),
        new("recurrent network of three steps", false, Recurrent, """
            dh3 = 2 * (h3 - t) / h3.size
            du3 = (1 - h3**2) * dh3
            dh2 = du3 @ Wh.T
            du2 = (1 - h2**2) * dh2
            dh1 = du2 @ Wh.T
            du1 = (1 - h1**2) * dh1
            dWh = h2.T @ du3 + h1.T @ du2
            dWx = x3.T @ du3 + x2.T @ du2 + x1.T @ du1
            db = du3.sum(0) + du2.sum(0) + du1.sum(0)
            """),
        new("layer norm", false, LayerNorm, """
            dxhat = gain * dy
            dgain = (xhat * dy).sum(0)
            dbias = dy.sum(0)
            dinv = (xc * dxhat).sum(1, keepdim=True)
            dxc = inv * dxhat
            dvar = -0.5 * (var + 1e-5)**-1.5 * dinv
            dxc += 2 * xc / d * dvar
            dmu = -dxc.sum(1, keepdim=True)
            dx = dxc + dmu / d
            """),
        new("embeddings", false, Embeddings, """
            dz = F.softmax(z, 1)
            dz[range(n), Y] -= 1
            dz /= n
            dm = dz @ W.T
            dW = m.T @ dz
            de = dm.unsqueeze(1).expand(n, 3, 4) / 3
            dE = torch.zeros_like(E)
            for i in range(n):
              for j in range(3):
                dE[X[i, j]] += de[i, j]
            """,
            ("dE[X[i, j]] += de[i, j]", "dE[X[i, j]] = de[i, j]", Mistake.Overwritten),
            ("dz[range(n), Y] -= 1", "dz[range(n), Y] += 0", Mistake.SoftmaxJacobian),
            ("de = dm.unsqueeze(1).expand(n, 3, 4) / 3", "de = dm.unsqueeze(1).expand(n, 3, 4)",
                Mistake.MissingMean)),
        new("logistic regression", false, Logistic, """
            dp = (-t / p + (1 - t) / (1 - p)) / n
            dz = p * (1 - p) * dp
            dw = X.T @ dz
            db = dz.sum(0)
            """,
            ("dz = p * (1 - p) * dp", "dz = z * (1 - z) * dp", Mistake.LocalDerivativeElsewhere),
            ("dz = p * (1 - p) * dp", "dz = dp", Mistake.MissingLocalDerivative)),
        .. HeldBackPrograms.All,
    ];

    const string BatchNormLines = """
        dlogprobs = torch.zeros_like(logprobs)
        dlogprobs[range(n), Y] = -1.0/n
        dprobs = dlogprobs / probs
        dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)
        dcounts = counts_sum_inv * dprobs
        dcounts_sum = -counts_sum**-2 * dcounts_sum_inv
        dcounts += dcounts_sum
        dlogits = counts * dcounts
        dh = dlogits @ W2.T
        dW2 = h.T @ dlogits
        db2 = dlogits.sum(0)
        dhpreact = (1 - h**2) * dh
        dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
        dbnbias = dhpreact.sum(0, keepdim=True)
        dbnraw = bngain * dhpreact
        dbndiff = bnvar_inv * dbnraw
        dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)
        dbnvar = -0.5 * (bnvar + 1e-5)**-1.5 * dbnvar_inv
        dbndiff2 = dbnvar.expand(n, 7) / (n - 1)
        dbndiff += 2 * bndiff * dbndiff2
        dbnmeani = -dbndiff.sum(0, keepdim=True)
        dhprebn = dbndiff + dbnmeani / n
        dW1 = x.T @ dhprebn
        """;

    static Tensor BatchNorm(Sheet s)
    {
        const int n = 12;
        s.Number("n", n);
        var x = s.Data("x", [n, 6]);
        Tensor w1 = s.Parameter("W1", [6, 7]), b1 = s.Parameter("b1", [7]), w2 = s.Parameter("W2", [7, 5]),
            b2 = s.Parameter("b2", [5]), gain = s.Parameter("bngain", [1, 7]), bias = s.Parameter("bnbias", [1, 7]);
        var hprebn = s.Name("hprebn", x.MatMul(w1) + b1);
        var diff = s.Name("bndiff", hprebn - s.Name("bnmeani", hprebn.Sum(0, keepDim: true) / n));
        var var = s.Name("bnvar", s.Name("bndiff2", diff.Square()).Sum(0, keepDim: true) / (n - 1));
        var raw = s.Name("bnraw", diff * s.Name("bnvar_inv", (var + 1e-5).Pow(-0.5)));
        var h = s.Name("h", s.Name("hpreact", gain * raw + bias).Tanh());
        var logits = s.Name("logits", h.MatMul(w2) + b2);
        var counts = s.Name("counts", logits.Exp());
        var inverse = s.Name("counts_sum_inv", s.Name("counts_sum", counts.Sum(1, keepDim: true)).Pow(-1));
        var logprobs = s.Name("logprobs", s.Name("probs", counts * inverse).Log());
        return -(logprobs * Tensor.OneHot(s.Ids("Y", [n], 5), 5, s.DType)).Sum() / n;
    }

    static Tensor Classifier(Sheet s)
    {
        s.Number("n", 9);
        var x = s.Data("X", [9, 4]);
        var z = s.Name("z", x.MatMul(s.Parameter("W", [4, 5])) + s.Parameter("b", [5]));
        return z.CrossEntropy(s.Ids("Y", [9], 5));
    }

    static Tensor Regression(Sheet s)
    {
        s.Number("n", 11);
        var x = s.Data("X", [11, 3]);
        var y = s.Name("y", x.MatMul(s.Parameter("w", [3, 1])) + s.Parameter("b", [1]));
        return (y - s.Data("t", [11, 1])).Square().Mean();
    }

    static Tensor Attention(Sheet s)
    {
        var x = s.Parameter("x", [6, 5], 1);
        var q = s.Name("q", x.MatMul(s.Parameter("Wq", [5, 4])));
        var k = s.Name("k", x.MatMul(s.Parameter("Wk", [5, 4])));
        var v = s.Name("v", x.MatMul(s.Parameter("Wv", [5, 4])));
        var a = s.Name("a", s.Name("s", q.MatMul(k.T) / 2).Softmax());
        return (a.MatMul(v) * s.Data("do", [6, 4])).Sum();
    }

    static Tensor Recurrent(Sheet s)
    {
        Tensor wx = s.Parameter("Wx", [3, 4]), wh = s.Parameter("Wh", [4, 4]), b = s.Parameter("b", [4]);
        Tensor? h = null;
        for (int step = 1; step <= 3; step++)
        {
            var u = s.Data($"x{step}", [5, 3]).MatMul(wx) + b;
            h = s.Name($"h{step}", s.Name($"u{step}", h is { } before ? u + before.MatMul(wh) : u).Tanh());
        }
        return (h!.Value - s.Data("t", [5, 4])).Square().Mean();
    }

    static Tensor LayerNorm(Sheet s)
    {
        s.Number("d", 6);
        var x = s.Parameter("x", [8, 6], 1);
        var xc = s.Name("xc", x - s.Name("mu", x.Mean(1, keepDim: true)));
        var inv = s.Name("inv", (s.Name("var", xc.Square().Mean(1, keepDim: true)) + 1e-5).Pow(-0.5));
        var y = s.Name("xhat", xc * inv) * s.Parameter("gain", [6]) + s.Parameter("bias", [6]);
        return (y * s.Data("dy", [8, 6])).Sum();
    }

    static Tensor Embeddings(Sheet s)
    {
        s.Number("n", 10);
        var e = s.Name("e", s.Parameter("E", [7, 4], 1).Rows(s.Ids("X", [10, 3], 7)));
        var z = s.Name("z", s.Name("m", e.Mean(1)).MatMul(s.Parameter("W", [4, 6])));
        return z.CrossEntropy(s.Ids("Y", [10], 6));
    }

    static Tensor Logistic(Sheet s)
    {
        s.Number("n", 13);
        var x = s.Data("X", [13, 4]);
        var p = s.Name("p", s.Name("z", x.MatMul(s.Parameter("w", [4, 1])) + s.Parameter("b", [1])).Sigmoid());
        var t = s.Name("t", s.Data("noise", [13, 1]).Greater(0));
        return -(t * p.Log() + (1 - t) * (1 - p).Log()).Mean();
    }
}
