using System.Globalization;

namespace ChainRule.Bench;

/// <summary>
/// What was measured of a GPT of one size: seconds a step, bytes that live between steps, and the most that
/// the process ever held.
/// </summary>
sealed record Grown(GptSize Size, double Seconds, double LiveBytes, double PeakBytes);

/// <summary>
/// How a training step's time and memory grow with width, depth, context and batch, against its count of
/// operations: one of them is varied and the others stay, each size runs in a process of its own, and exponents are
/// fitted to what came out.
/// </summary>
static class Growth
{
    /// <summary>What may be varied, and the sizes.</summary>
    public static IReadOnlyDictionary<string, GptSize[]> Series { get; } = new Dictionary<string, GptSize[]>
    {
        ["width"] = [.. Doubled(32, 5).Select(n => new GptSize(Width: n))],
        ["depth"] = [.. Doubled(1, 5).Select(n => new GptSize(Layers: n))],
        ["context"] = [.. Doubled(32, 5).Select(n => new GptSize(Context: n))],
        ["batch"] = [.. Doubled(2, 6).Select(n => new GptSize(Batch: n))],
    };

    /// <summary>One table for each series.</summary>
    /// <param name="what">A series' name; null or "all" for all.</param>
    /// <param name="measure">Measures a GPT of one size.</param>
    /// <param name="output">Where the tables are written, in Markdown.</param>
    /// <exception cref="ArgumentException">There is no such series.</exception>
    public static void Run(string? what, Func<GptSize, Grown> measure, TextWriter output)
    {
        if (what is not (null or "all") && !Series.ContainsKey(what))
            throw new ArgumentException($"growth '{what}': give {string.Join(", ", Series.Keys)}, or all");
        foreach (var (name, sizes) in Series)
        {
            if (what is null or "all" || what == name) Table(name, [.. sizes.Select(measure)], output);
        }
    }

    /// <summary>Trains it in a process of its own.</summary>
    public static Grown Measure(GptSize size, int threads, int rounds)
    {
        var line = Child.Run("--only", size.Name, "--threads", $"{threads}", "--rounds", $"{rounds}").Line;
        double Of(string field) => line.GetProperty(field).GetDouble();
        return new(size, Of("seconds"), Of("live_bytes"), Of("peak_bytes"));
    }

    /// <summary>The b of y = a xᵇ, by least squares of the logarithms.</summary>
    public static double Exponent(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(Math.Log), meanY = y.Average(Math.Log), up = 0, across = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = Math.Log(x[i]) - meanX;
            up += dx * (Math.Log(y[i]) - meanY);
            across += dx * dx;
        }
        return up / across;
    }

    static void Table(string name, Grown[] grown, TextWriter output)
    {
        var fixedSizes = new GptSize();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"### {name}"));
        output.WriteLine();
        output.WriteLine(
            string.Join(", ", Series.Keys.Where(one => one != name).Select(one => $"{one} {Of(one, fixedSizes)}"))
                       + $", {fixedSizes.Heads} heads, {GptSize.Vocabulary} characters");
        output.WriteLine();
        output.WriteLine($"| {name} | parameters | operations | time | GFLOP/s | live memory | peak memory |");
        output.WriteLine("| --: | --: | --: | --: | --: | --: | --: |");
        foreach (var one in grown)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Of(name, one.Size)} | {one.Size.Parameters:N0} | {one.Size.Flops / 1e9:0.###} G | "
                + $"{one.Seconds * 1e3:0.##} ms | {one.Size.Flops / one.Seconds / 1e9:0} | {one.LiveBytes / 1e6:0.#} "
                + $"MB | {one.PeakBytes / 1e6:0} MB |"));
        }
        output.WriteLine(Exponents("exponent", name, grown));
        output.WriteLine(Exponents("of the last doubling", name, grown[^2..]));
        output.WriteLine();
        output.Flush();
    }

    static string Exponents(string title, string name, Grown[] grown)
    {
        double[] x = [.. grown.Select(one => (double)Of(name, one.Size))];
        string Fit(Func<Grown, double> y) =>
            Exponent(x, [.. grown.Select(y)]).ToString("0.00", CultureInfo.InvariantCulture);
        return $"| {title} | {Fit(g => g.Size.Parameters)} | {Fit(g => g.Size.Flops)} | {Fit(g => g.Seconds)} | "
            + $"{Fit(g => g.Size.Flops / g.Seconds)} | {Fit(g => g.LiveBytes)} | {Fit(g => g.PeakBytes)} |";
    }

    static int Of(string what, GptSize size) => what switch
    {
        "width" => size.Width,
        "depth" => size.Layers,
        "context" => size.Context,
        _ => size.Batch,
    };

    static IEnumerable<int> Doubled(int first, int count) => Enumerable.Range(0, count).Select(k => first << k);
}
