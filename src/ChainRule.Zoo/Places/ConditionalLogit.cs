namespace ChainRule.Zoo.Places;

/// <summary>
/// The linear model of choices (McFadden, 1974): P(place) = softmax(x · w), with one weight for each of
/// <see cref="PlaceFeatures"/>, the same for all users. The loss is convex; Newton's method finds its minimum.
/// </summary>
sealed class ConditionalLogit
{
    const int K = PlaceFeatures.Count, MostVisits = 4000, Iterations = 30;

    // Of two weights that do the same, neither is determined without it.
    const double Ridge = 1e-6;

    readonly PlaceEncoding _encoding;

    ConditionalLogit(PlaceEncoding encoding) => _encoding = encoding;

    /// <summary>The weights.</summary>
    public double[] Weights { get; } = new double[K];

    /// <summary>Fits the weights to visits, evenly picked where there are more than 4,000.</summary>
    public static ConditionalLogit Fit(PlaceEncoding encoding, IReadOnlyList<EncodedQuery> visits)
    {
        var model = new ConditionalLogit(encoding);
        int step = (visits.Count + MostVisits - 1) / MostVisits;
        EncodedQuery[] picked = [.. visits.Where((_, i) => i % step == 0)];
        for (int i = 0; i < Iterations; i++)
        {
            var (gradient, hessian) = model.Derivatives(picked);
            double[] change = Solve(hessian, gradient);
            double longest = change.Max(Math.Abs);
            // Far from the minimum a whole step may lead away from it.
            for (int k = 0; k < K; k++) model.Weights[k] -= change[k] * Math.Min(1, 2 / longest);
            if (longest < 1e-8) break;
        }
        return model;
    }

    /// <summary>The score of every place.</summary>
    public double[] Scores(EncodedQuery query)
    {
        float[] x = _encoding.Features(query);
        double[] scores = new double[x.Length / K];
        for (int p = 0; p < scores.Length; p++)
            for (int k = 0; k < K; k++) scores[p] += x[p * K + k] * Weights[k];
        return scores;
    }

    /// <summary>Gradient and Hessian of the mean loss: those of a visit are E[x] − x and Cov[x].</summary>
    (double[] Gradient, double[,] Hessian) Derivatives(EncodedQuery[] visits)
    {
        var parts = new (double[] Gradient, double[,] Hessian)[visits.Length];
        Parallel.For(0, visits.Length, i => parts[i] = Derivatives(visits[i]));
        double[] gradient = new double[K];
        double[,] hessian = new double[K, K];
        // In their order, whatever the threads.
        foreach (var (g, h) in parts)
        {
            for (int a = 0; a < K; a++)
            {
                gradient[a] += g[a] / visits.Length;
                for (int b = 0; b < K; b++) hessian[a, b] += h[a, b] / visits.Length;
            }
        }
        for (int a = 0; a < K; a++)
        {
            gradient[a] += Ridge * Weights[a];
            hessian[a, a] += Ridge;
        }
        return (gradient, hessian);
    }

    (double[] Gradient, double[,] Hessian) Derivatives(EncodedQuery visit)
    {
        float[] x = _encoding.Features(visit);
        double[] p = Scores(visit), mean = new double[K];
        double most = p.Max(), sum = 0;
        for (int i = 0; i < p.Length; i++) sum += p[i] = Math.Exp(p[i] - most);
        double[,] second = new double[K, K];
        for (int i = 0; i < p.Length; i++)
        {
            for (int a = 0; a < K; a++)
            {
                double weighted = p[i] / sum * x[i * K + a];
                mean[a] += weighted;
                for (int b = 0; b <= a; b++) second[a, b] += weighted * x[i * K + b];
            }
        }
        for (int a = 0; a < K; a++)
            for (int b = 0; b <= a; b++) second[b, a] = second[a, b] -= mean[a] * mean[b];
        for (int a = 0; a < K; a++) mean[a] -= x[visit.Target * K + a];
        return (mean, second);
    }

    /// <summary>x of A x = b, A positive definite, by Cholesky's decomposition.</summary>
    static double[] Solve(double[,] a, double[] b)
    {
        double[,] l = new double[K, K];
        double[] x = new double[K];
        for (int i = 0; i < K; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++) sum -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(Math.Max(sum, Ridge)) : sum / l[j, j];
            }
        }
        for (int i = 0; i < K; i++)
        {
            x[i] = b[i];
            for (int k = 0; k < i; k++) x[i] -= l[i, k] * x[k];
            x[i] /= l[i, i];
        }
        for (int i = K - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < K; k++) x[i] -= l[k, i] * x[k];
            x[i] /= l[i, i];
        }
        return x;
    }
}
