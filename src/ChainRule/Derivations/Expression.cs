using System.Globalization;

namespace ChainRule.Derivations;

/// <summary>What a part of a formula is.</summary>
enum Kind
{
    Number,
    Name,

    /// <summary>− or ~ before its only part.</summary>
    Unary,

    /// <summary>An operator between its two parts.</summary>
    Binary,

    /// <summary>f(…): the parts are the arguments.</summary>
    Call,

    /// <summary>x.f(…): x is the first part.</summary>
    Method,

    /// <summary>x.name.</summary>
    Attribute,

    /// <summary>x[…]: x is the first part, and the others say which numbers.</summary>
    Index,

    /// <summary>start:stop:step in an index, each of which may be left out.</summary>
    Slice,

    /// <summary>(a, b) or [a, b].</summary>
    Tuple,

    /// <summary>name=value among arguments.</summary>
    Keyword,

    /// <summary>What was left out of a slice.</summary>
    Empty,

    /// <summary><c>...</c> in place of a formula: it is still to be written.</summary>
    Hole,
}

/// <summary>A formula as a tree: every node has a kind, a text, and parts.</summary>
/// <param name="Text">The number, name or operator as it was written.</param>
/// <param name="At">Where it stands: the offset into the text of the formulas; that of the operator, if it has one.
/// </param>
sealed record Expression(Kind Kind, string Text, int At, params Expression[] Parts)
{
    const int Comparison = 1, Sum = 2, Product = 3, Sign = 4, Power = 5, Postfix = 6;

    public static Expression Number(double x, int at = -1) => x < 0
        ? Unary("-", Number(-x, at), at)
        : new(Kind.Number, x.ToString("0.###############", CultureInfo.InvariantCulture), at);

    public static Expression Name(string name, int at = -1) => new(Kind.Name, name, at);

    public static Expression Unary(string op, Expression x, int at = -1) => new(Kind.Unary, op, at, x);

    public static Expression Binary(string op, Expression a, Expression b, int at = -1) =>
        new(Kind.Binary, op, at, a, b);

    /// <summary>x · c, written as x / 3 or x / sqrt(3) where that is exact.</summary>
    public static Expression Scaled(Expression x, double c)
    {
        foreach (bool divides in (bool[])[false, true])
        {
            double k = divides ? 1 / c : c;
            if (Math.Abs(k - Math.Round(k)) < 1e-9 * Math.Abs(k))
                return Binary(divides ? "/" : "*", x, Number(Math.Round(k)));
            if (k > 0 && Math.Abs(k * k - Math.Round(k * k)) < 1e-9 * k * k)
                return Binary(divides ? "/" : "*", x, new(Kind.Call, "sqrt", -1, Number(Math.Round(k * k))));
        }
        return Binary("*", x, Number(c));
    }

    public static Expression Attribute(Expression x, string name, int at = -1) => new(Kind.Attribute, name, at, x);

    public static Expression Sums(Expression x, int axis, bool keepDim) => new(Kind.Method, "sum", x.At, x,
        Number(axis), new(Kind.Keyword, "keepdim", -1, Name(keepDim ? "True" : "False")));

    public bool Is(Kind kind, string text) => Kind == kind && Text == text;

    public double Value => double.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>The same with one of its parts replaced.</summary>
    public Expression With(int part, Expression by)
    {
        Expression[] parts = [.. Parts];
        parts[part] = by;
        return this with { Parts = parts };
    }

    /// <summary>All nodes of the tree, each with what makes the whole tree anew with that node replaced.</summary>
    public IEnumerable<(Expression Node, Func<Expression, Expression> Replace)> Nodes()
    {
        yield return (this, static by => by);
        for (int i = 0; i < Parts.Length; i++)
        {
            int part = i;
            foreach (var (node, replace) in Parts[i].Nodes())
                yield return (node, by => With(part, replace(by)));
        }
    }

    /// <summary>The names that it reads.</summary>
    public IEnumerable<string> Names() => Nodes().Where(n => n.Node.Kind == Kind.Name).Select(n => n.Node.Text);

    /// <summary>The formula as text, with no more parentheses than are needed.</summary>
    public override string ToString() => Kind switch
    {
        Kind.Number or Kind.Name or Kind.Hole => Text,
        Kind.Empty => "",
        Kind.Unary => Text + Inside(0, Level),
        Kind.Binary when Text == "**" => $"{Inside(0, Postfix)}**{Inside(1, Sign)}",
        Kind.Binary => $"{Inside(0, Level)} {Text} {Inside(1, Level + 1)}",
        Kind.Call => $"{Text}({List(0)})",
        Kind.Method => $"{Inside(0, Postfix)}.{Text}({List(1)})",
        Kind.Attribute => $"{Inside(0, Postfix)}.{Text}",
        Kind.Index => $"{Inside(0, Postfix)}[{List(1)}]",
        Kind.Slice => $"{Parts[0]}:{Parts[1]}{(Parts[2].Kind == Kind.Empty ? "" : $":{Parts[2]}")}",
        Kind.Tuple when Text == "[" => $"[{List(0)}]",
        Kind.Tuple => Parts.Length == 1 ? $"({Parts[0]},)" : $"({List(0)})",
        _ => $"{Text}={Parts[0]}",
    };

    int Level => Kind switch
    {
        Kind.Unary => Sign,
        Kind.Binary => Text switch
        {
            "+" or "-" => Sum,
            "*" or "/" or "@" or "%" => Product,
            "**" => Power,
            _ => Comparison,
        },
        _ => Postfix,
    };

    string Inside(int part, int least) => Parts[part].Level < least ? $"({Parts[part]})" : Parts[part].ToString();

    string List(int from) => string.Join(", ", Parts[from..].Select(part => part.ToString()));
}

/// <summary>A line of a derivation: an assignment, or a loop over such lines.</summary>
/// <param name="Target">The name that is assigned to, or that counts the loop.</param>
/// <param name="Index">Which of its numbers; if null, all.</param>
/// <param name="Op">How: <c>=</c>, <c>+=</c>, <c>-=</c>, <c>*=</c>, <c>/=</c>, or <c>for</c>.</param>
/// <param name="Value">What is assigned, or what the loop runs over.</param>
/// <param name="At">Where the target stands in the text.</param>
sealed record Statement(string Target, Expression? Index, string Op, Expression Value, int At,
    params Statement[] Body)
{
    public bool IsLoop => Op == "for";

    /// <summary>The names that it gives values to, but for the loops' counters.</summary>
    public IEnumerable<string> Assigned() => IsLoop ? Body.SelectMany(one => one.Assigned()) : [Target];

    /// <summary>The names that it reads.</summary>
    public IEnumerable<string> Read() => Value.Names().Concat(Index?.Names() ?? [])
        .Concat(Op is "=" or "for" && Index is null ? [] : [Target])
        .Concat(Body.SelectMany(one => one.Read()));

    public override string ToString() => IsLoop
        ? $"for {Target} in {Value}: {string.Join("; ", Body.Select(one => one.ToString()))}"
        : $"{(Index is null ? Target : Index.ToString())} {Op} {Value}";
}
