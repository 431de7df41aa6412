namespace ChainRule.Derivations;

/// <summary>Changes of factors: a tensor for another, and what may be missing in a product.</summary>
static class FactorEdits
{
    /// <summary>Another tensor of the same shape.</summary>
    public static IEnumerable<Repair> Replaced(Expression formula, EditContext context)
    {
        var functions = context.Functions().ToList();
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind != Kind.Name || context.ShapeOf(node.Text) is not { } shape) continue;
            foreach (string other in context.Tensors)
            {
                if (other == node.Text || context.ShapeOf(other)?.Elements != shape.Elements) continue;
                var by = Expression.Name(other, node.At);
                bool elsewhere = functions.Any(f => f.X == node.Text && f.Y == other
                    || f.Y == node.Text && f.X == other);
                var mistake = elsewhere ? Mistake.LocalDerivativeElsewhere : Mistake.WrongTensor;
                string sentence = elsewhere ? $"the local derivative is taken at {node}, and should be at {other}"
                    : $"{node} stands where {other} belongs";
                yield return new(mistake, sentence, replace(by));
                if (formula.Names().Count(name => name == node.Text) > 1)
                    yield return new(mistake, sentence, Everywhere(formula, node.Text, by));
            }
        }
    }

    static Expression Everywhere(Expression x, string name, Expression by) => x.Is(Kind.Name, name) ? by
        : x with { Parts = [.. x.Parts.Select(part => Everywhere(part, name, by))] };

    /// <summary>The local derivative of a function on the way.</summary>
    public static IEnumerable<Repair> LocalDerivatives(Expression formula, EditContext context)
    {
        foreach (var (op, x, y) in context.Functions())
        {
            string? half = op == "sigmoid" && y is not null ? $"(1 - {y})" : null;
            foreach (string? text in (string?[])[Derivative(op, x, y), half])
            {
                if (text is null) continue;
                var derivative = FormulaReader.ReadFormula(text);
                foreach (var (node, replace) in FormulaEdits.Terms(formula))
                    yield return new(Mistake.MissingLocalDerivative, $"the local derivative of '{op}' is left out: "
                        + text, replace(Expression.Binary("*", node, derivative, node.At)));
            }
        }
    }

    /// <summary>A number: 2, n, 1/n, and their like.</summary>
    public static IEnumerable<Repair> Numbers(Expression formula, EditContext context)
    {
        var one = Expression.Number(1);
        foreach (var (node, replace) in FormulaEdits.Terms(formula))
        {
            string of = FormulaEdits.Quoted(node);
            yield return new(Mistake.MissingFactor, $"a factor 2 is missing at {of}", Times(Expression.Number(2)));
            yield return new(Mistake.ExtraFactor, $"a factor 2 too much is in {of}", Times(Expression.Number(0.5)));
            foreach (double k in (double[])[-0.5, 3, -2])
                yield return new(Mistake.MissingFactor, $"a factor {k} is missing at {of}",
                    Times(Expression.Number(k)));
            foreach (double c in context.Factors())
                yield return new(Mistake.MissingFactor, $"{(c < 1 ? "a division" : "a factor")} is missing at {of}",
                    replace(Expression.Scaled(node, c)));
            foreach (var (n, what) in context.Wrong.Sizes().Take(12))
            {
                var count = context.Count(n);
                yield return new(Mistake.MissingMean,
                    $"the factor 1/{n} is missing at {of} ({n} is the size of {what})",
                    replace(Expression.Binary("/", node, count)));
                yield return new(Mistake.MissingFactor, $"a factor {n} is missing at {of} ({n} is the size of {what})",
                    Times(count));
                if (n < 3) continue;
                var less = Expression.Binary("-", count, one);
                yield return new(Mistake.BiasedVariance, $"n for n − 1 at {of}",
                    Times(Expression.Binary("/", count, less)));
                yield return new(Mistake.BiasedVariance, $"n − 1 for n at {of}",
                    Times(Expression.Binary("/", less, count)));
            }
            Expression Times(Expression factor) => replace(Expression.Binary("*", factor, node, node.At));
        }
    }

    /// <summary>A mean that divides by another count: by the rows in place of all numbers.</summary>
    public static IEnumerable<Repair> Counts(Expression formula, EditContext context)
    {
        if (!context.Wrong.Between.Exists(node => node.Op == "sum")) yield break;
        foreach (var (node, replace) in formula.Nodes())
        {
            if (!node.Is(Kind.Binary, "/") || node.Parts[1].Kind != Kind.Number || node.Parts[1].Value < 2) continue;
            foreach (var (n, what) in context.Wrong.Sizes())
                yield return new(Mistake.MissingMean, $"the mean is over {n} numbers ({n} is the size of {what}), and "
                    + $"{node.Parts[1]} is divided by", replace(node.With(1, context.Count(n))));
        }
    }

    /// <summary>A named tensor as a factor.</summary>
    public static IEnumerable<Repair> Tensors(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in FormulaEdits.Terms(formula))
        {
            string of = FormulaEdits.Quoted(node);
            foreach (string name in context.Tensors)
            {
                var factor = Expression.Name(name);
                string sentence = $"the factor {name} is missing at {of}";
                yield return new(Mistake.MissingFactor, sentence,
                    replace(Expression.Binary("*", node, factor, node.At)));
                yield return new(Mistake.MissingFactor, $"{of} should be divided by {name}",
                    replace(Expression.Binary("/", node, factor, node.At)));
                if (context.ShapeOf(name) is not { Rank: 2 }) continue;
                var turned = Expression.Attribute(factor, "T");
                foreach (var other in (Expression[])[factor, turned])
                {
                    yield return new(Mistake.MissingFactor, sentence,
                        replace(Expression.Binary("@", node, other, node.At)));
                    yield return new(Mistake.MissingFactor, sentence,
                        replace(Expression.Binary("@", other, node, node.At)));
                }
            }
        }
    }

    /// <summary>f′ in the names at hand; null where they do not suffice.</summary>
    static string? Derivative(string op, string? x, string? y) => (op, x, y) switch
    {
        ("tanh", _, not null) => $"(1 - {y}**2)",
        ("tanh", not null, _) => $"(1 - tanh({x})**2)",
        ("sigmoid", _, not null) => $"{y} * (1 - {y})",
        ("sigmoid", not null, _) => $"sigmoid({x}) * (1 - sigmoid({x}))",
        ("relu", not null, _) => $"({x} > 0)",
        ("relu", _, not null) => $"({y} > 0)",
        ("exp", _, not null) => y,
        ("exp", not null, _) => $"exp({x})",
        ("log", not null, _) => $"(1 / {x})",
        ("square", not null, _) => $"2 * {x}",
        ("sqrt", _, not null) => $"(0.5 / {y})",
        ("reciprocal", _, not null) => $"-({y}**2)",
        _ => null,
    };
}
