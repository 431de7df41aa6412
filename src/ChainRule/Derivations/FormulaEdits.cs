namespace ChainRule.Derivations;

/// <summary>What changes of a formula need to know.</summary>
sealed record EditContext(WrongGradient Wrong, Dictionary<string, object?> Known)
{
    IReadOnlyList<string>? _tensors;

    /// <summary>The names of tensors that a formula may read.</summary>
    public IReadOnlyList<string> Tensors => _tensors ??=
        [.. Known.Where(one => one.Value is Tensor { Count: > 1 }).Select(one => one.Key)];

    public Shape? ShapeOf(string name) =>
        Known.TryGetValue(name, out object? value) && value is Tensor x ? x.Shape : (Shape?)null;

    /// <summary>A whole number as it is called, or as it is.</summary>
    public Expression Count(int n)
    {
        foreach (var (name, value) in Known) if (value is double number && number == n) return Expression.Name(name);
        return Expression.Number(n);
    }

    /// <summary>The constant factors on the way, such as the 1/√d of attention.</summary>
    public IEnumerable<double> Factors() => Wrong.Between.Select(LocalMistakes.FactorOf).OfType<double>()
        .Where(c => c is not (0 or 1 or -1 or 2 or 0.5 or -0.5 or 3 or -2)).Distinct().Take(8);

    /// <summary>The functions of one number on the way, with the names of input and output where they have one.
    /// </summary>
    public IEnumerable<(string Op, string? X, string? Y)> Functions() => Wrong.Between
        .Where(node => node.Inputs.Length == 1 && node.Outputs.Length == 1
            && node.Inputs[0].Shape == node.Outputs[0].Shape)
        .Select(node => (node.Op, Wrong.Called(node.Inputs[0]), Wrong.Called(node.Outputs[0])));
}

/// <summary>Small changes of a formula, by the mistake that each takes back; the surest first.</summary>
static class FormulaEdits
{
    public static readonly Func<Expression, EditContext, IEnumerable<Repair>>[] Kinds =
    [
        Signs, Variances, SumEdits.Of, Transposes, Exponents, Masks, Inverted, FactorEdits.Counts, Dropped,
        FactorEdits.Replaced,
        FactorEdits.LocalDerivatives, FactorEdits.Numbers, MissingTerms, FactorEdits.Tensors, Powers,
    ];

    /// <summary>
    /// Parts that a factor, a sign or a sum may be missing at: the whole, terms of sums, what a method is called on,
    /// and operands of products of matrices.
    /// </summary>
    public static IEnumerable<(Expression Node, Func<Expression, Expression> Replace)> Terms(Expression x,
        bool isTerm = true)
    {
        if (isTerm && x.Kind is not (Kind.Keyword or Kind.Tuple or Kind.Slice or Kind.Empty))
            yield return (x, by => by);
        bool hasTerms = x.Kind is Kind.Unary || x.Kind == Kind.Binary && x.Text is "+" or "-" or "@";
        for (int i = 0; i < x.Parts.Length; i++)
        {
            if (x.Kind == Kind.Index && i > 0 || x.Kind == Kind.Method && i > 0) continue;
            int at = i;
            foreach (var (node, replace) in Terms(x.Parts[i],
                hasTerms || i == 0 && x.Kind is Kind.Method or Kind.Call))
                yield return (node, by => x.With(at, replace(by)));
        }
    }

    static IEnumerable<Repair> Signs(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind == Kind.Binary && node.Text is "+" or "-" && node.Parts.Length == 2)
                yield return new(Mistake.Sign, $"the sign before {Quoted(node.Parts[1])} is wrong",
                    replace(node with { Text = node.Text == "+" ? "-" : "+" }));
            if (node.Is(Kind.Unary, "-"))
                yield return new(Mistake.Sign, $"the minus before {Quoted(node.Parts[0])} should not be there",
                    replace(node.Parts[0]));
        }
        foreach (var (node, replace) in Terms(formula))
            if (node.Kind != Kind.Unary)
                yield return new(Mistake.Sign, $"a minus is missing before {Quoted(node)}",
                    replace(Expression.Unary("-", node, node.At)));
    }

    static IEnumerable<Repair> Variances(Expression formula, EditContext context)
    {
        var one = Expression.Number(1);
        // A number that is written out, and by which nothing is divided, is no count of what varies.
        HashSet<Expression> divisors = new(formula.Nodes().Where(one => one.Node.Is(Kind.Binary, "/"))
            .Select(one => one.Node.Parts[1]), ReferenceEqualityComparer.Instance);
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind == Kind.Number && !divisors.Contains(node)) continue;
            double? value = node.Kind == Kind.Number ? node.Value
                : node.Kind == Kind.Name && context.Known.TryGetValue(node.Text, out object? x) ? x as double? : null;
            if (value is >= 3)
            {
                yield return new(Mistake.BiasedVariance, $"{node} stands where {node} - 1 belongs: the variance "
                    + "divides by n − 1", replace(Expression.Binary("-", node, one, node.At)));
                yield return new(Mistake.BiasedVariance, $"{node} stands where {value + 1} belongs: the variance "
                    + "divides by n", replace(Expression.Number(value.Value + 1)));
            }
            if (node.Is(Kind.Binary, "-") && node.Parts[1].Is(Kind.Number, "1"))
                yield return new(Mistake.BiasedVariance, $"{node} stands where {node.Parts[0]} belongs: the variance "
                    + "divides by n", replace(node.Parts[0]));
            if (node.Kind != Kind.Method || node.Text is not ("var" or "std")) continue;
            foreach (string wish in (string[])["False", "True"])
                yield return new(Mistake.BiasedVariance,
                    $"the {(node.Text == "var" ? "variance" : "standard deviation")} should "
                    + $" be {(wish == "True" ? "unbiased (n − 1)" : "biased (n)")}",
                    replace(node with
                    {
                        Parts = [.. node.Parts.Where(part => !part.Is(Kind.Keyword, "unbiased")),
                            new(Kind.Keyword, "unbiased", -1, Expression.Name(wish))],
                    }));
        }
    }

    static IEnumerable<Repair> Transposes(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (!node.Is(Kind.Binary, "@")) continue;
            var (a, b) = (node.Parts[0], node.Parts[1]);
            Expression[] left = [a, Turned(a, context)], right = [b, Turned(b, context)];
            for (int which = 1; which < 8; which++)
            {
                var (p, q) = (left[which & 1], right[which >> 1 & 1]);
                if ((which & 4) != 0) (p, q) = (q, p);
                var product = Expression.Binary("@", p, q, node.At);
                yield return new(Mistake.Transposed, $"{Quoted(node)} should be {Quoted(product)}", replace(product));
            }
        }
        foreach (var (node, replace) in formula.Nodes())
            if (node.Is(Kind.Attribute, "T") || node.Kind == Kind.Name && context.ShapeOf(node.Text)?.Rank == 2)
                yield return new(Mistake.Transposed, $"{Quoted(node)} should be {Quoted(Turned(node, context))}",
                    replace(Turned(node, context)));
    }

    static Expression Turned(Expression x, EditContext context)
    {
        if (x.Kind is Kind.Attribute or Kind.Method && x.Text is "T" or "mT" or "transpose") return x.Parts[0];
        bool many = x.Names().Any(name => context.ShapeOf(name)?.Rank > 2);
        return many ? new(Kind.Method, "transpose", x.At, x, Expression.Number(-2), Expression.Number(-1))
            : Expression.Attribute(x, "T", x.At);
    }

    static IEnumerable<Repair> Exponents(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (!node.Is(Kind.Binary, "**")) continue;
            var exponent = node.Parts[1];
            double? now = exponent.Kind == Kind.Number ? exponent.Value
                : exponent.Kind == Kind.Unary && exponent.Parts[0].Kind == Kind.Number ? -exponent.Parts[0].Value
                : null;
            if (now is not { } k) continue;
            foreach (double other in (double[])[k - 1, k + 1, -k, k - 0.5, k + 0.5, 2, 1])
                if (other != k && other != 0)
                    yield return new(Mistake.WrongExponent, $"the exponent of {Quoted(node)} should be {other}",
                        replace(node.With(1, Expression.Number(other))));
        }
    }

    // After all that is simpler: a missing factor x makes a power too.
    static IEnumerable<Repair> Powers(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind != Kind.Name || context.Known.TryGetValue(node.Text, out object? value)
                && value is not Tensor)
                continue;
            foreach (double power in (double[])[2, 3, -1, -2, 0.5])
                yield return new(Mistake.WrongExponent, $"the exponent of {Quoted(node)} should be {power}",
                    replace(Expression.Binary("**", node, Expression.Number(power))));
        }
    }

    static IEnumerable<Repair> Masks(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind != Kind.Binary || node.Text is not (">" or "<" or ">=" or "<=" or "==" or "!=")) continue;
            foreach (string op in (string[])[">", "<", ">=", "<=", "==", "!="])
                if (op != node.Text)
                    yield return new(Mistake.WrongMask, $"the mask {Quoted(node)} should compare with '{op}'",
                        replace(node with { Text = op }));
            foreach (double number in (double[])[0, 1, -1])
                if (node.Parts[1].Kind == Kind.Number && node.Parts[1].Value != number)
                    yield return new(Mistake.WrongMask, $"the mask {Quoted(node)} should compare with {number}",
                        replace(node.With(1, Expression.Number(number))));
        }
    }

    static IEnumerable<Repair> Inverted(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind != Kind.Binary || node.Text is not ("*" or "/")) continue;
            string other = node.Text == "*" ? "/" : "*";
            yield return new(Mistake.InvertedFactor, node.Text == "*" ? $"{Quoted(node.Parts[1])} should divide"
                : $"{Quoted(node.Parts[1])} should multiply", replace(node with { Text = other }));
            yield return new(Mistake.InvertedFactor, $"{Quoted(node)} is upside down",
                replace(Expression.Binary("/", node.Parts[1], node.Parts[0], node.At)));
        }
    }

    static IEnumerable<Repair> Dropped(Expression formula, EditContext context)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind != Kind.Binary) continue;
            var (a, b) = (node.Parts[0], node.Parts[1]);
            if (node.Text is "*" or "/")
                yield return new(Mistake.ExtraFactor, $"the factor {Quoted(b)} should not be there", replace(a));
            if (node.Text is "*")
                yield return new(Mistake.ExtraFactor, $"the factor {Quoted(a)} should not be there", replace(b));
            if (node.Text is "+" or "-")
                yield return new(Mistake.ExtraUse, $"the term {Quoted(b)} should not be there", replace(a));
            if (node.Text is "+")
                yield return new(Mistake.ExtraUse, $"the term {Quoted(a)} should not be there", replace(b));
            if (node.Text is "**")
                yield return new(Mistake.WrongExponent, $"{Quoted(node)} should be {Quoted(a)}", replace(a));
        }
    }

    static IEnumerable<Repair> MissingTerms(Expression formula, EditContext context)
    {
        var names = formula.Nodes().Where(one =>
            one.Node.Kind == Kind.Name && context.ShapeOf(one.Node.Text) is not null);
        foreach (var (node, replace) in Terms(formula).Concat(names))
            foreach (string name in context.Tensors)
                foreach (string op in (string[])["+", "-"])
                    yield return new(Mistake.MissingUse, $"the term {op} {name} is missing after {Quoted(node)}",
                        replace(Expression.Binary(op, node, Expression.Name(name), node.At)));
    }

    public static string Quoted(Expression x) => $"'{Printable.Of(x.ToString(), 60)}'";
}
