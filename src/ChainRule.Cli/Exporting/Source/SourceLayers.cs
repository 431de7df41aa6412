namespace ChainRule.Cli.Exporting.Source;

/// <summary>Loops that move numbers, go over images, or go from step to step.</summary>
static class SourceLayers
{
    /// <summary>Their texts by name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["View"] = """
            // Numbers in another order, such as axes exchanged or a part of one: from place Σ index · stride + offset.
            static double[] View(double[] x, int offset, int[] strides, int[] shape)
            {
                double[] y = new double[Count(shape)];
                for (int i = 0; i < y.Length; i++)
                {
                    int place = offset;
                    for (int axis = shape.Length - 1, rest = i; axis >= 0; rest /= shape[axis--])
                        place += rest % shape[axis] * strides[axis];
                    y[i] = x[place];
                }
                return y;
            }
            """,
        ["Concat"] = """
            // Parts one behind the other, in each of several outer rows.
            static double[] Concat(int outer, params double[][] parts)
            {
                List<double> y = [];
                for (int o = 0; o < outer; o++)
                    foreach (double[] part in parts)
                        y.AddRange(part.AsSpan(o * (part.Length / outer), part.Length / outer));
                return y.ToArray();
            }
            """,
        ["Pad"] = """
            // Zeros before and after the numbers of an axis [.., size, inner].
            static double[] Pad(double[] x, int size, int inner, int before, int after)
            {
                int outer = x.Length / (size * inner), row = (before + size + after) * inner;
                double[] y = new double[outer * row];
                for (int o = 0; o < outer; o++)
                    Array.Copy(x, o * size * inner, y, o * row + before * inner, size * inner);
                return y;
            }
            """,
        ["Corner"] = """
            // The part of x, of shape full, that begins at its first number and is of a smaller shape.
            static double[] Corner(double[] x, int[] full, int[] shape)
            {
                double[] y = new double[Count(shape)];
                for (int i = 0; i < y.Length; i++)
                {
                    int place = 0, stride = 1;
                    for (int axis = shape.Length - 1, rest = i; axis >= 0; stride *= full[axis], rest /= shape[axis--])
                        place += rest % shape[axis] * stride;
                    y[i] = x[place];
                }
                return y;
            }
            """,
        ["Conv2d"] = """
            // Convolution of x [channels, height, width] with w [outputs, channels / groups, kernelY, kernelX].
            static double[] Conv2d(double[] x, int[] xShape, double[] w, int[] wShape, double[] b, int[] yShape,
                (int Y, int X) stride, (int Y, int X) padding, (int Y, int X) dilation, int groups)
            {
                int height = xShape[^2], width = xShape[^1], outputs = wShape[0], channels = wShape[1];
                int rows = yShape[^2], columns = yShape[^1];
                double[] y = new double[outputs * rows * columns];
                for (int o = 0; o < outputs; o++)
                    for (int row = 0; row < rows; row++)
                        for (int column = 0; column < columns; column++)
                        {
                            double sum = b.Length == 0 ? 0 : b[o];
                            for (int c = 0; c < channels; c++)
                                for (int ky = 0; ky < wShape[2]; ky++)
                                    for (int kx = 0; kx < wShape[3]; kx++)
                                    {
                                        int iy = row * stride.Y - padding.Y + ky * dilation.Y;
                                        int ix = column * stride.X - padding.X + kx * dilation.X;
                                        if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
                                        int plane = o / (outputs / groups) * channels + c;
                                        sum += x[(plane * height + iy) * width + ix]
                                            * w[((o * channels + c) * wShape[2] + ky) * wShape[3] + kx];
                                    }
                            y[(o * rows + row) * columns + column] = sum;
                        }
                return y;
            }
            """,
        ["Pool2d"] = """
            // The largest number, or the mean, of each window of each plane; padding counts as 0 in a mean.
            static double[] Pool2d(double[] x, int[] xShape, int[] yShape, (int Y, int X) kernel, (int Y, int X) stride,
                (int Y, int X) padding, bool largest)
            {
                int height = xShape[^2], width = xShape[^1], rows = yShape[^2], columns = yShape[^1];
                double[] y = new double[x.Length / (height * width) * rows * columns];
                for (int i = 0; i < y.Length; i++)
                {
                    int plane = i / (rows * columns), top = i / columns % rows * stride.Y - padding.Y;
                    int left = i % columns * stride.X - padding.X;
                    double most = double.NegativeInfinity, sum = 0;
                    for (int iy = Math.Max(0, top); iy < Math.Min(height, top + kernel.Y); iy++)
                        for (int ix = Math.Max(0, left); ix < Math.Min(width, left + kernel.X); ix++)
                        {
                            double number = x[(plane * height + iy) * width + ix];
                            most = Math.Max(most, number);
                            sum += number;
                        }
                    y[i] = largest ? most : sum / (kernel.Y * kernel.X);
                }
                return y;
            }
            """,
        ["Divided2d"] = """
            // The largest number, or the mean, of each of rows × columns parts that divide a plane.
            static double[] Divided2d(double[] x, int[] xShape, int[] yShape, bool largest)
            {
                int height = xShape[^2], width = xShape[^1], rows = yShape[^2], columns = yShape[^1];
                double[] y = new double[x.Length / (height * width) * rows * columns];
                for (int i = 0; i < y.Length; i++)
                {
                    int plane = i / (rows * columns), row = i / columns % rows, column = i % columns, count = 0;
                    double most = double.NegativeInfinity, sum = 0;
                    for (int iy = row * height / rows; iy < ((row + 1) * height + rows - 1) / rows; iy++)
                        for (int ix = column * width / columns;
                            ix < ((column + 1) * width + columns - 1) / columns; ix++)
                        {
                            double number = x[(plane * height + iy) * width + ix];
                            most = Math.Max(most, number);
                            sum += number;
                            count++;
                        }
                    y[i] = largest ? most : sum / count;
                }
                return y;
            }
            """,
        ["Lstm"] = """
            // A long short-term memory over the rows of x [steps, inputs].
            // i, f, o = σ; g = tanh; c = f c + i g; h = o tanh c.
            static double[] Lstm(double[] x, double[] w, double[] u, double[] b, double[] a, double[] h, double[] c,
                int inputs, int hidden)
            {
                int steps = x.Length / inputs;
                double[] y = new double[steps * hidden], z = Linear(x, w, b, inputs, 4 * hidden);
                for (int t = 0; t < steps; t++)
                {
                    double[] r = Linear(h, u, a, hidden, 4 * hidden);
                    double[] next = new double[hidden], cell = new double[hidden];
                    for (int j = 0; j < hidden; j++)
                    {
                        double Gate(int gate) => z[(t * 4 + gate) * hidden + j] + r[gate * hidden + j];
                        cell[j] = Sigmoid(Gate(1)) * c[j] + Sigmoid(Gate(0)) * Math.Tanh(Gate(2));
                        y[t * hidden + j] = next[j] = Sigmoid(Gate(3)) * Math.Tanh(cell[j]);
                    }
                    (h, c) = (next, cell);
                }
                return y;
            }
            """,
        ["Gru"] = """
            // Gated recurrent units over the rows of x [steps, inputs].
            // r, z = σ; n = tanh(W x + r (U h)); h = (1 − z) n + z h.
            static double[] Gru(double[] x, double[] w, double[] u, double[] b, double[] a, double[] h, int inputs,
                int hidden)
            {
                int steps = x.Length / inputs;
                double[] y = new double[steps * hidden], v = Linear(x, w, b, inputs, 3 * hidden);
                for (int t = 0; t < steps; t++)
                {
                    double[] q = Linear(h, u, a, hidden, 3 * hidden), next = new double[hidden];
                    for (int j = 0; j < hidden; j++)
                    {
                        double r = Sigmoid(v[t * 3 * hidden + j] + q[j]);
                        double z = Sigmoid(v[(t * 3 + 1) * hidden + j] + q[hidden + j]);
                        double n = Math.Tanh(v[(t * 3 + 2) * hidden + j] + r * q[2 * hidden + j]);
                        y[t * hidden + j] = next[j] = (1 - z) * n + z * h[j];
                    }
                    h = next;
                }
                return y;
            }
            """,
        ["Rnn"] = """
            // A simple recurrent network over the rows of x [steps, inputs]: h = f(W x + U h + b).
            static double[] Rnn(double[] x, double[] w, double[] u, double[] b, double[] a, double[] h, int inputs,
                int hidden, bool relu)
            {
                int steps = x.Length / inputs;
                double[] y = new double[steps * hidden], z = Linear(x, w, b, inputs, hidden);
                for (int t = 0; t < steps; t++)
                {
                    double[] r = Linear(h, u, a, hidden, hidden), next = new double[hidden];
                    for (int j = 0; j < hidden; j++)
                    {
                        double sum = z[t * hidden + j] + r[j];
                        y[t * hidden + j] = next[j] = relu ? Math.Max(sum, 0) : Math.Tanh(sum);
                    }
                    h = next;
                }
                return y;
            }
            """,
    };
}
