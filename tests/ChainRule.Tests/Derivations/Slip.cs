using System.Globalization;
using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

/// <summary>A mistake in a program's lines.</summary>
/// <param name="Line">The number of the line.</param>
/// <param name="Wrong">What is written there.</param>
/// <param name="Mistakes">What it may be called: one name, or two where nothing tells them apart.</param>
sealed record Slip(HandProgram Program, int Line, string Wrong, Mistake[] Mistakes)
{
    string[] Lines => Program.Lines.Split('\n');

    public string Text => string.Join('\n', Lines.Select((line, i) => i == Line
        ? line[..^line.TrimStart().Length] + Wrong : line));

    /// <summary>The step that is wrong.</summary>
    public string Step => Lines[Line].Trim().Split(' ', '[')[0];

    public override string ToString() => $"{Program}: {Lines[Line].Trim()} → {Wrong}";

    /// <summary>All mistakes that the rules make in a program.</summary>
    public static IEnumerable<Slip> Of(HandProgram program)
    {
        string[] lines = program.Lines.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            foreach (var (right, wrong, mistake) in program.Slips)
                if (line == right) yield return new(program, i, wrong, [mistake]);
            // 2 · 0 is no mistake.
            if (line.StartsWith("for", StringComparison.Ordinal) || line.Contains("zeros_like")) continue;
            var statement = FormulaReader.Read(line)[0];
            bool added = statement.Op == "+=" && statement.Index is null;
            if (added)
            {
                yield return new(program, i, $"{statement.Target} = {statement.Value}", [Mistake.Overwritten]);
                yield return new(program, i, $"{line}; {line}", [Mistake.ExtraUse]);
                yield return new(program, i, $"{statement.Target} -= {statement.Value}", [Mistake.Sign]);
                yield return new(program, i, $"{statement.Target} += 0", [Mistake.MissingUse]);
            }
            HashSet<string> seen = [line];
            foreach (var (formula, mistakes) in Slips.Of(statement.Value, program))
            {
                string wrong = (statement with { Value = formula }).ToString();
                if (seen.Add(wrong)) yield return new(program, i, wrong, mistakes);
            }
        }
    }
}

/// <summary>Rules that make a right formula wrong, each with what the mistake is called.</summary>
static class Slips
{
    public static IEnumerable<(Expression Formula, Mistake[] Mistakes)> Of(Expression right, HandProgram program)
    {
        yield return (Expression.Unary("-", right), [Mistake.Sign]);
        yield return (Expression.Binary("*", Expression.Number(2), right), [Mistake.ExtraFactor]);
        foreach (var (node, replace) in right.Nodes())
        {
            var (a, b) = node.Parts is [var p, var q, ..] ? (p, q) : (node, node);
            switch (node.Kind, node.Text)
            {
                case (Kind.Binary, "+") or (Kind.Binary, "-") when !IsInLocal(node) && !IsCount(a):
                    yield return (replace(node with { Text = node.Text == "+" ? "-" : "+" }), [Mistake.Sign]);
                    if (IsSmall(b)) break;
                    yield return (replace(a), [Mistake.MissingUse, Mistake.SoftmaxJacobian]);
                    break;
                case (Kind.Unary, "-"):
                    yield return (replace(node.Parts[0]), [Mistake.Sign]);
                    break;
                case (Kind.Binary, "/") when IsCount(b):
                    yield return (replace(a), [Mistake.MissingMean]);
                    if (b.Is(Kind.Binary, "-"))
                        yield return (replace(node.With(1, b.Parts[0])), [Mistake.BiasedVariance]);
                    break;
                case (Kind.Binary, "/") when IsSmall(b):
                    yield return (replace(a), [Mistake.MissingFactor, Mistake.MissingMean, Mistake.ExtraFactor]);
                    break;
                case (Kind.Binary, "/"):
                    yield return (replace(a), [Mistake.MissingLocalDerivative, Mistake.MissingFactor]);
                    yield return (replace(node with { Text = "*" }), [Mistake.InvertedFactor]);
                    break;
                case (Kind.Binary, "*") when IsSmall(a):
                    yield return (replace(b), [Mistake.MissingFactor]);
                    break;
                case (Kind.Binary, "*"):
                    foreach (var (kept, lost) in ((Expression, Expression)[])[(a, b), (b, a)])
                        if (!IsGradient(lost))
                            yield return (replace(kept), IsLocal(lost)
                                ? [Mistake.MissingLocalDerivative, Mistake.MissingFactor] : [Mistake.MissingFactor,
                                    Mistake.MissingLocalDerivative]);
                    break;
                case (Kind.Binary, "**") when b.Kind != Kind.Number || b.Value != 2:
                    yield return (replace(node.With(1, b.Kind == Kind.Unary ? b.Parts[0] : Expression.Unary("-", b))),
                        [Mistake.WrongExponent]);
                    break;
                case (Kind.Binary, "**") when a.Kind == Kind.Name && Input(program, a.Text) is { } x:
                    yield return (replace(node.With(0, Expression.Name(x))), [Mistake.LocalDerivativeElsewhere]);
                    break;
                case (Kind.Binary, ">"):
                    yield return (replace(node with { Text = "<" }), [Mistake.WrongMask]);
                    break;
                case (Kind.Binary, "@"):
                    yield return (replace(Expression.Binary("@", b, a)), [Mistake.Transposed]);
                    for (int i = 0; i < 2; i++)
                        yield return (replace(node.With(i, node.Parts[i].Is(Kind.Attribute, "T")
                            ? node.Parts[i].Parts[0] : Expression.Attribute(node.Parts[i], "T"))),
                            [Mistake.Transposed]);
                    break;
                case (Kind.Method, "sum"):
                    foreach (var made in Sums(node)) yield return (replace(made.Formula), made.Mistakes);
                    break;
            }
        }
    }

    static IEnumerable<(Expression Formula, Mistake[] Mistakes)> Sums(Expression sum)
    {
        yield return (sum.Parts[0], [Mistake.MissingSum]);
        yield return (sum with { Text = "mean" }, [Mistake.MeanForSum]);
        if (sum.Parts.Length < 2) yield break;
        bool kept = sum.Parts.Length > 2;
        int axis = (int)sum.Parts[1].Value;
        yield return (kept ? sum with { Parts = sum.Parts[..2] } : Expression.Sums(sum.Parts[0], axis, true),
            [Mistake.KeepDim]);
        yield return (sum.With(1, Expression.Number(1 - axis)), [Mistake.WrongAxis]);
        if (sum.Parts[0] is { Kind: Kind.Binary, Text: "*" } product)
            yield return (product.With(1, sum.With(0, product.Parts[1])), [Mistake.SumOfFactor]);
    }

    // The terms of 1 − h² and its like are no parts of the gradient.
    static bool IsInLocal(Expression x) => x.Parts[0].Kind == Kind.Number;

    static bool IsSmall(Expression x) => x.Kind == Kind.Number || x.Kind == Kind.Unary && IsSmall(x.Parts[0]);

    static bool IsCount(Expression x) => x.Kind == Kind.Name && x.Text is "n" or "d"
        || x.Kind == Kind.Attribute && x.Text == "size" || x.Is(Kind.Binary, "-") && IsCount(x.Parts[0]);

    static bool IsGradient(Expression x) => x.Names().Any(name => name.StartsWith('d') && name != "d");

    static bool IsLocal(Expression x) => x.Kind != Kind.Name;

    // What tanh was taken of.
    static string? Input(HandProgram program, string y) => (program.Name, y) switch
    {
        (_, "h") => "hpreact",
        (_, "h1" or "h2" or "h3") => "u" + y[1..],
        (_, "n") => "un",
        _ => null,
    };
}
