namespace ChainRule.Tests.Optim;

/// <summary>
/// What the recorded optimisers minimise, mean((tanh(x·w1ᵀ + b1)·w2ᵀ + b2 − y)²), with its gradients worked out by hand
/// in double: a fault of the engine cannot hide one of an optimiser.
/// </summary>
sealed class Regression(GoldenTensor x, GoldenTensor y)
{
    readonly int _rows = x.Shape[0], _in = x.Shape[1], _out = y.Shape[1];

    /// <summary>The loss, and its gradients by w1 (hidden, in), b1 (hidden), w2 (out, hidden), b2 (out).</summary>
    public (double Loss, double[][] Grads) At(IReadOnlyList<double[]> parameters)
    {
        var (w1, b1, w2, b2) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        double[] dw1 = new double[w1.Length], db1 = new double[b1.Length], dw2 = new double[w2.Length],
            db2 = new double[b2.Length];
        int hidden = b1.Length;
        var (loss, h, dh) = (0.0, new double[hidden], new double[hidden]);
        for (int row = 0; row < _rows; row++)
        {
            for (int j = 0; j < hidden; j++)
            {
                double sum = b1[j];
                for (int k = 0; k < _in; k++) sum += x.Data[row * _in + k] * w1[j * _in + k];
                (h[j], dh[j]) = (Math.Tanh(sum), 0);
            }
            for (int o = 0; o < _out; o++)
            {
                double error = b2[o] - y.Data[row * _out + o];
                for (int j = 0; j < hidden; j++) error += h[j] * w2[o * hidden + j];
                loss += error * error / y.Data.Length;
                double d = 2 * error / y.Data.Length;
                db2[o] += d;
                for (int j = 0; j < hidden; j++)
                {
                    dw2[o * hidden + j] += d * h[j];
                    dh[j] += d * w2[o * hidden + j];
                }
            }
            for (int j = 0; j < hidden; j++)
            {
                double d = dh[j] * (1 - h[j] * h[j]);
                db1[j] += d;
                for (int k = 0; k < _in; k++) dw1[j * _in + k] += d * x.Data[row * _in + k];
            }
        }
        return (loss, [dw1, db1, dw2, db2]);
    }
}
