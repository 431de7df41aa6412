using System.Globalization;

namespace ChainRule.Derivations;

/// <summary>Looks for the mistake in the numbers of a wrong gradient, with the graph at hand.</summary>
static class GradientMistakes
{
    public static NamedMistake? Find(WrongGradient wrong)
    {
        using var quiet = NoGrad.Begin();
        return wrong.Mine.Shape != wrong.Right.Shape ? GradientShapes.Find(wrong)
            : Zero(wrong) ?? Multiple(wrong) ?? Part(wrong) ?? GradientShapes.Square(wrong) ?? Local(wrong);
    }

    static NamedMistake? Zero(WrongGradient wrong) => wrong.Mine.Abs().Max().Item() != 0 ? null
        : new(Mistake.MissingUse, "it is 0 everywhere, as if the path to the loss were cut off (a detach, or a "
            + "gradient that was never added)");

    // ---- a number times the gradient

    static NamedMistake? Multiple(WrongGradient wrong)
    {
        double square = wrong.Right.Square().Sum().Item();
        if (square == 0) return null;
        double k = (wrong.Mine * wrong.Right).Sum().Item() / square;
        return k != 0 && Tells(wrong, k) && wrong.IsMine(wrong.Right * k) ? Factor(wrong, k) : null;
    }

    // A single number is some multiple of any other: only one that formulas have says something.
    static bool Tells(WrongGradient wrong, double k)
    {
        double size = Math.Max(Math.Abs(k), 1 / Math.Abs(k));
        return wrong.X.Count > 1 || Math.Abs(size - Math.Round(size)) < Same(wrong);
    }

    static NamedMistake Factor(WrongGradient wrong, double k)
    {
        if (Same(k, -1)) return new(Mistake.Sign, "the sign is wrong: it is −1 times the gradient");
        string sign = k < 0 ? ", and the sign is wrong" : "", times = $"it is {Text(k)} times the gradient";
        double size = Math.Abs(k);
        if (Same(k, 2)) return new(Mistake.ExtraFactor, $"{times}: a factor 2 is there that should not be");
        if (Same(k, 0.5))
            return new(Mistake.MissingFactor, $"{times}: a factor 2 is missing, or one of two equal uses is left "
                + "out");
        if (Left(wrong, k) is { } left) return left;
        foreach (var (n, of) in wrong.Sizes())
        {
            if (Same(size, n))
                return new(Mistake.MissingMean, $"{times}: the factor 1/{n} is missing ({n} is the size of {of}), as "
                    + $"where a mean is gone through like a sum{sign}");
            if (Same(size, 1.0 / n))
                return new(Mistake.ExtraFactor, $"it is 1/{n} times the gradient: the factor 1/{n} is there once too "
                    + $"often ({n} is the size of {of}), or a mean stands for a sum{sign}");
        }
        foreach (var (n, of) in wrong.Sizes())
        {
            double ratio = n / (n - 1.0);
            if (Same(size, ratio) || Same(size, 1 / ratio))
                return new(Mistake.BiasedVariance, (Same(size, ratio)
                    ? $"{times}, that is {n}/{n - 1}: {n - 1} stands where {n} belongs"
                    : $"{times}, that is {n - 1}/{n}: {n} stands where {n - 1} belongs")
                    + $" (the variance divides by n or by n − 1){sign}");
            if (Same(size, n - 1) && n > 2)
                return new(Mistake.MissingMean, $"{times}: the factor 1/{n - 1} is missing ({n} is the size of {of})"
                    + sign);
            if (Same(size, 1.0 / (n - 1)) && n > 2)
                return new(Mistake.ExtraFactor, $"it is 1/{n - 1} times the gradient: a factor {n - 1} is missing, or "
                    + $"1/{n - 1} is there once too often ({n} is the size of {of}){sign}");
        }
        return size < 1 || k < 0 ? new(Mistake.MissingFactor, $"{times}: a factor {Text(1 / k)} is missing")
            : new(Mistake.ExtraFactor, $"{times}: a factor {Text(k)} is there that should not be, or a division by "
                + $"{Text(k)} is left out");
        bool Same(double a, double b) => Math.Abs(a - b) <= GradientMistakes.Same(wrong) * Math.Abs(b);
    }

    /// <summary>A constant factor on the way that was left out, as the 1/√d of attention.</summary>
    static NamedMistake? Left(WrongGradient wrong, double k)
    {
        foreach (var node in wrong.Between)
        {
            if (LocalMistakes.FactorOf(node) is not { } c || c is 0 or 1 or -1 || Math.Abs(c * k - 1) > Same(wrong)
                || wrong.Sizes().Any(size => IsCount(size.Size) || IsCount(size.Size - 1))) continue;
            bool IsCount(int n) => Math.Abs(n * Math.Abs(c) - 1) < 1e-6;
            string factor = Math.Abs(c) < 1 ? $"the division by {Text(1 / c)}" : $"the factor {Text(c)}";
            return new(Mistake.MissingFactor,
                $"it is {Text(k)} times the gradient: {factor} of {wrong.Told(node)} is left "
                + "out");
        }
        return null;
    }

    // ---- one of several uses

    static NamedMistake? Part(WrongGradient wrong)
    {
        var uses = wrong.Between.SelectMany(node => Enumerable.Range(0, node.Inputs.Length)
            .Where(i => node.Inputs[i].RequiresGrad).Select(i => (Node: node, Input: i))).ToList();
        var several = uses.GroupBy(use => use.Node.Inputs[use.Input]).Where(group => group.Count() > 1)
            .OrderByDescending(group => group.Key == wrong.X).ToList();
        foreach (var group in several)
        {
            string what = wrong.Called(group.Key) is { } name ? name : "a tensor on the way";
            string all = string.Join(", ", group.Select(use => wrong.Use(use.Node)).Distinct());
            foreach (var (node, input) in group)
                if (Weight(wrong, node, input) is { } weight)
                    return Weighted(wrong, weight, wrong.Use(node), $"{what} is used {group.Count()} times ({all})");
            if (group.Count() == 2) continue;
            foreach (var (node, input) in group)
            {
                var only = wrong.By((n, dy) => Weighted(n, dy, i =>
                    n.Inputs[i] != group.Key || n == node && i == input ? 1 : 0));
                if (only is { } part && wrong.IsMine(part))
                    return new(Mistake.MissingUse, $"{what} is used {group.Count()} times ({all}), and only the "
                        + $"gradient through {wrong.Use(node)} is counted: add the others");
            }
        }
        return null;
    }

    /// <summary>How often the gradient through one use is counted; null if that is not what is wrong.</summary>
    static double? Weight(WrongGradient wrong, Node node, int input)
    {
        var without = wrong.By((n, dy) => Weighted(n, dy, i => n == node && i == input ? 0 : 1))
            ?? wrong.Right * 0;
        var part = wrong.Right - without;
        double square = part.Square().Sum().Item();
        if (square == 0) return null;
        double weight = (part * (wrong.Mine - without)).Sum().Item() / square;
        if (Math.Abs(weight) < Same(wrong)) weight = 0;
        return (weight == 0 || Tells(wrong, weight)) && wrong.IsMine(without + part * weight) ? weight : null;
    }

    static NamedMistake Weighted(WrongGradient wrong, double weight, string use, string uses)
    {
        if (weight == 0)
            return new(Mistake.MissingUse, $"{uses}, and the gradient through {use} is left out: add it");
        if (Math.Abs(weight - 2) < Same(wrong))
            return new(Mistake.ExtraUse, $"the gradient through {use} is counted twice");
        var factor = Factor(wrong, weight);
        return factor with { Sentence = $"of the part of the gradient through {use}: {factor.Sentence}" };
    }

    // A factor that is estimated from numbers is a little less certain than they are.
    static double Same(WrongGradient wrong) => 3 * DTypes.GradientRounding(wrong.X.DType).Relative;

    static Tensor?[] Weighted(Node node, Tensor?[] dy, Func<int, double> weight)
    {
        var dx = LossGraph.Run(node, dy);
        for (int i = 0; i < dx.Length; i++)
            if (weight(i) is var w && w != 1) dx[i] = w == 0 ? null : dx[i] * w;
        return dx;
    }

    // ---- one op gone back through in a wrong way

    static NamedMistake? Local(WrongGradient wrong)
    {
        foreach (var node in wrong.Between)
        {
            foreach (var (way, mistake, sentence) in LocalMistakes.Of(wrong, node))
            {
                var dx = wrong.By((n, dy) => n == node ? way(dy) : LossGraph.Run(n, dy));
                if (dx is { } other && wrong.IsMine(other)) return new(mistake, sentence);
            }
        }
        return Through(wrong);
    }

    // All that lies between the tensor and one of the given gradients.
    static NamedMistake? Through(WrongGradient wrong)
    {
        foreach (var (y, dy) in wrong.Given)
        {
            if (y == wrong.X || !wrong.Between.Any(node => node.Outputs.Contains(y))
                || !GradientShapes.Reaches(y.Shape, wrong.X.Shape)) continue;
            var without = wrong.By((node, above) => LossGraph.Run(node, Array.ConvertAll(above, d =>
                d is { } one && node.Outputs.Contains(y) ? one * 0 : d)));
            var passed = dy.To(DType.Float64).Expand(wrong.X.Shape);
            if (wrong.IsMine(without is { } rest ? rest + passed : passed))
                return new(Mistake.MissingLocalDerivative, $"the gradient of {wrong.Called(y)} is passed on as it is: "
                    + "the local derivative is left out");
        }
        return null;
    }

    /// <summary>A factor with four digits.</summary>
    public static string Text(double k) => k.ToString("G4", CultureInfo.InvariantCulture);
}
