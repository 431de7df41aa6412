namespace ChainRule.Cli.Exporting.Source;

/// <summary>What a written program computes with: loops in C#, each put into the file where it is used.</summary>
static class SourceKernels
{
    /// <summary>What they are called.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The texts of those that a program uses, and of those that they use, in a fixed order.</summary>
    public static IEnumerable<string> Of(string program)
    {
        var texts = All;
        var all = texts.Keys.Where(name => Uses(program, name)).ToHashSet();
        for (bool more = true; more;)
        {
            more = false;
            foreach (string name in texts.Keys)
                if (!all.Contains(name) && all.Any(one => Uses(texts[one], name))) more |= all.Add(name);
        }
        return texts.Where(one => all.Contains(one.Key)).Select(one => one.Value);

        static bool Uses(string text, string name) =>
            text.Contains($" {name}(", StringComparison.Ordinal) || text.Contains($"({name}(", StringComparison.Ordinal)
                || text.Contains($"[{name}(", StringComparison.Ordinal);
    }

    static Dictionary<string, string> All => s_own.Concat(SourceLayers.All).Concat(SourceChecks.All).ToDictionary();

    static readonly Dictionary<string, string> s_own = new()
    {
        ["Rows"] = """
            // One row of a table [.., width] for each id.
            static double[] Rows(double[] table, int[] ids, int width)
            {
                double[] y = new double[ids.Length * width];
                for (int i = 0; i < ids.Length; i++) Array.Copy(table, ids[i] * width, y, i * width, width);
                return y;
            }
            """,
        ["Linear"] = """
            // y = x Wᵀ + b for each row of x [.., inputs]; W is [outputs, inputs].
            static double[] Linear(double[] x, double[] w, double[] b, int inputs, int outputs)
            {
                double[] y = new double[x.Length / inputs * outputs];
                for (int row = 0; row < x.Length / inputs; row++)
                    for (int o = 0; o < outputs; o++)
                    {
                        double sum = b[o];
                        for (int i = 0; i < inputs; i++) sum += x[row * inputs + i] * w[o * inputs + i];
                        y[row * outputs + o] = sum;
                    }
                return y;
            }
            """,
        ["MatMul"] = """
            // Products of matrices in the last two axes; axes before them are a batch, where 1 goes with any size.
            static double[] MatMul(double[] a, int[] aShape, bool aTurned, double[] b, int[] bShape, bool bTurned)
            {
                int rank = Math.Max(aShape.Length, bShape.Length), batch = 1;
                int m = aTurned ? aShape[^1] : aShape[^2], k = aTurned ? aShape[^2] : aShape[^1];
                int n = bTurned ? bShape[^2] : bShape[^1];
                int[] sizes = new int[rank - 2];
                for (int axis = 0; axis < rank - 2; axis++)
                    batch *= sizes[axis] = Math.Max(Size(aShape, axis, rank), Size(bShape, axis, rank));
                double[] y = new double[batch * m * n];
                for (int at = 0; at < batch; at++)
                {
                    int aBegin = Place(aShape) * m * k, bBegin = Place(bShape) * k * n;
                    for (int i = 0; i < m; i++)
                        for (int j = 0; j < n; j++)
                        {
                            double sum = 0;
                            for (int l = 0; l < k; l++)
                                sum += a[aBegin + (aTurned ? l * m + i : i * k + l)]
                                    * b[bBegin + (bTurned ? j * k + l : l * n + j)];
                            y[(at * m + i) * n + j] = sum;
                        }

                    int Place(int[] shape)
                    {
                        int place = 0, stride = 1;
                        for (int axis = rank - 3, rest = at; axis >= 0; rest /= sizes[axis--])
                        {
                            int size = Size(shape, axis, rank);
                            if (size > 1) place += rest % sizes[axis] * stride;
                            stride *= size;
                        }
                        return place;
                    }
                }
                return y;

                static int Size(int[] shape, int axis, int rank) =>
                    axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];
            }
            """,
        ["Map"] = """
            // y = f(x), number by number.
            static double[] Map(double[] x, Func<double, double> f) => Array.ConvertAll(x, one => f(one));
            """,
        ["Zip"] = """
            // y = f(a, b), number by number; an axis of size 1, or none, goes with any size.
            static double[] Zip(double[] a, int[] aShape, double[] b, int[] bShape, int[] shape,
                Func<double, double, double> f)
            {
                double[] y = new double[Count(shape)];
                for (int i = 0; i < y.Length; i++) y[i] = f(a[Place(aShape, i)], b[Place(bShape, i)]);
                return y;

                int Place(int[] own, int i)
                {
                    int place = 0, stride = 1;
                    for (int axis = shape.Length - 1; axis >= shape.Length - own.Length; i /= shape[axis--])
                    {
                        int size = own[axis - (shape.Length - own.Length)];
                        if (size > 1) place += i % shape[axis] * stride;
                        stride *= size;
                    }
                    return place;
                }
            }
            """,
        ["Reduce"] = """
            // Along an axis of [outer, count, inner]: f of all numbers there, one after another.
            static double[] Reduce(double[] x, int outer, int count, int inner, double begin,
                Func<double, double, double> f)
            {
                double[] y = new double[outer * inner];
                for (int o = 0; o < outer; o++)
                    for (int i = 0; i < inner; i++)
                    {
                        double all = begin;
                        for (int c = 0; c < count; c++) all = f(all, x[(o * count + c) * inner + i]);
                        y[o * inner + i] = all;
                    }
                return y;
            }
            """,
        ["Variance"] = """
            // Along an axis of [outer, count, inner]: the sum of squares of x − mean, over a divisor.
            static double[] Variance(double[] x, int outer, int count, int inner, int divisor)
            {
                double[] sums = Reduce(x, outer, count, inner, 0, (a, b) => a + b), y = new double[outer * inner];
                for (int i = 0; i < x.Length; i++)
                {
                    int at = i / (count * inner) * inner + i % inner;
                    double away = x[i] - sums[at] / count;
                    y[at] += away * away / divisor;
                }
                return y;
            }
            """,
        ["LayerNorm"] = """
            // y = g (x − mean) / √(variance + eps) + b for each row of x [.., width].
            static double[] LayerNorm(double[] x, double[] g, double[] b, int width, double eps)
            {
                double[] y = new double[x.Length];
                for (int row = 0; row < x.Length; row += width)
                {
                    double mean = 0, variance = 0;
                    for (int i = 0; i < width; i++) mean += x[row + i] / width;
                    for (int i = 0; i < width; i++) variance += (x[row + i] - mean) * (x[row + i] - mean) / width;
                    for (int i = 0; i < width; i++)
                        y[row + i] = g[i] * (x[row + i] - mean) / Math.Sqrt(variance + eps) + b[i];
                }
                return y;
            }
            """,
        ["LogSoftmax"] = """
            // y = x − ln Σ exp(x) for each row of x [.., width].
            static double[] LogSoftmax(double[] x, int width)
            {
                double[] y = new double[x.Length];
                for (int row = 0; row < x.Length; row += width)
                {
                    double most = double.NegativeInfinity, sum = 0;
                    for (int i = 0; i < width; i++) most = Math.Max(most, x[row + i]);
                    for (int i = 0; i < width; i++) sum += Math.Exp(x[row + i] - most);
                    for (int i = 0; i < width; i++) y[row + i] = x[row + i] - most - Math.Log(sum);
                }
                return y;
            }
            """,
        ["Softmax"] = """
            // Probabilities: y = exp(x) / Σ exp(x) for each row of x [.., width].
            static double[] Softmax(double[] x, int width) => Array.ConvertAll(LogSoftmax(x, width), Math.Exp);
            """,
        ["Attention"] = """
            // Each step asks those that it sees: y = softmax(scale q kᵀ) v in every head. A row of x holds q, k and v.
            static double[] Attention(double[] x, int steps, int width, int heads, double scale, bool causal)
            {
                double[] y = new double[steps * width];
                int size = width / heads;
                for (int head = 0; head < heads; head++)
                    for (int t = 0; t < steps; t++)
                    {
                        double[] logits = new double[causal ? t + 1 : steps];
                        for (int s = 0; s < logits.Length; s++)
                            for (int i = head * size; i < (head + 1) * size; i++)
                                logits[s] += scale * x[t * 3 * width + i] * x[s * 3 * width + width + i];
                        double[] p = Softmax(logits, logits.Length);
                        for (int s = 0; s < p.Length; s++)
                            for (int i = head * size; i < (head + 1) * size; i++)
                                y[t * width + i] += p[s] * x[s * 3 * width + 2 * width + i];
                    }
                return y;
            }
            """,
        ["Erf"] = """
            // erf x = 2/√π exp(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), all of whose terms are of one sign.
            static double Erf(double x)
            {
                if (Math.Abs(x) > 6) return Math.Sign(x);
                double term = x, sum = x;
                for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++) sum += term *= 2 * x * x / (2 * n + 1);
                return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
            }
            """,
        ["Sigmoid"] = """
            static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
            """,
        ["Softplus"] = """
            static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
            """,
        ["Count"] = """
            static int Count(int[] shape)
            {
                int count = 1;
                foreach (int size in shape) count *= size;
                return count;
            }
            """,
    };
}
