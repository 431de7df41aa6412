using System.Globalization;
using ChainRule.Randomness;

namespace ChainRule.Derivations;

/// <summary>
/// Computes formulas in float64. A value is a tensor, whole numbers (<see cref="Ids"/>), a number, a tuple, or null,
/// which is Python's None. What the library refuses is refused at the character of the operator that asked for it.
/// </summary>
sealed class FormulaRunner(string text, Dictionary<string, object?> values)
{
    // More would be no formula of a lesson, and a slip must not hang the check.
    const int MostSteps = 1_000_000;

    int _steps;

    /// <summary>
    /// Of a program, whose tensors remember how they were made: where <c>randn</c>, <c>rand</c> and <c>randint</c> draw
    /// from. If null, these are gradients, and nothing is drawn.
    /// </summary>
    public RandomSource? Random { get; init; }

    public void Run(IEnumerable<Statement> statements)
    {
        foreach (var statement in statements) Run(statement);
    }

    public void Run(Statement statement)
    {
        if (++_steps > MostSteps)
            throw new FormulaException(text, statement.At, $"the loops make more than {MostSteps:N0} steps: write the "
                + "line with whole tensors");
        if (statement.IsLoop)
        {
            foreach (object? item in Items(Of(statement.Value), statement.Value))
            {
                values[statement.Target] = item;
                Run(statement.Body);
            }
            return;
        }
        object? value = Of(statement.Value);
        if (statement.Op == "=" && statement.Index is null)
        {
            values[statement.Target] = value;
            return;
        }
        int at = statement.Index is null ? statement.At : statement.Index.At;
        if (!values.TryGetValue(statement.Target, out object? old))
            throw Unknown(statement.Target, statement.At);
        values[statement.Target] = At(at, () => Changed(old, statement, value));
    }

    /// <summary>What a formula comes to.</summary>
    public object? Of(Expression x)
    {
        switch (x.Kind)
        {
            case Kind.Number:
                return x.Value;
            case Kind.Name:
                return Named(x);
            case Kind.Unary:
                object? one = Of(x.Parts[0]);
                return At(x.At, () => x.Text == "-" ? FormulaFunctions.Binary("*", one, -1.0)
                    : FormulaFunctions.Binary("-", 1.0, one));
            case Kind.Binary:
                object? a = Of(x.Parts[0]), b = Of(x.Parts[1]);
                return At(x.At, () => FormulaFunctions.Binary(x.Text, a, b));
            case Kind.Tuple:
                return x.Parts.Select(Of).ToArray();
            case Kind.Attribute:
                object? of = Of(x.Parts[0]);
                return At(x.At, () => FormulaFunctions.Attribute(of, x.Text));
            case Kind.Index:
                object? whole = Of(x.Parts[0]);
                object?[] items = Places(x);
                return At(x.At, () => Picked(whole, items));
            case Kind.Slice:
                return new SliceOf(Whole(x.Parts[0]), Whole(x.Parts[1]), Whole(x.Parts[2]) ?? 1);
            case Kind.Call or Kind.Method:
                object?[] arguments = [.. x.Parts.Where(p => p.Kind != Kind.Keyword).Select(Of)];
                var named = x.Parts.Where(p => p.Kind == Kind.Keyword)
                    .ToDictionary(p => p.Text, p => Of(p.Parts[0]));
                return At(x.At, () => Random is null || x.Kind == Kind.Method ? null
                    : FormulaLeaves.Call(x.Text, arguments, Random))
                    ?? At(x.At, () => FormulaFunctions.Call(x.Text, arguments, named));
            case Kind.Hole:
                throw new FormulaException(text, x.At, "this is still to be written: put a formula in place of '...'")
                { IsHole = true };
            default:
                throw new FormulaException(text, x.At, $"'{x.Text}' has no value of its own");
        }
    }

    object? Named(Expression x) => x.Text switch
    {
        _ when values.TryGetValue(x.Text, out object? value) => value,
        "None" or "newaxis" => null,
        "True" => 1.0,
        "False" => 0.0,
        "pi" => Math.PI,
        _ => IsConstant(x.Text) ? x.Text : throw Unknown(x.Text, x.At),
    };

    /// <summary>
    /// Whether a name has a value of its own, or is that of a type, as in <c>x.to(torch.float64)</c>.
    /// </summary>
    public static bool IsConstant(string name) => name is "None" or "newaxis" or "True" or "False" or "pi" or "..."
        or "float32" or "float64" or "double" or "float" or "long" or "int64";

    /// <summary>The error of a name that has no value.</summary>
    public FormulaException Unknown(string name, int at)
    {
        string? near = values.Keys.Where(key => Distance(key, name) <= Math.Min(2, name.Length - 1))
            .OrderBy(key => Distance(key, name)).FirstOrDefault();
        return new(text, at, $"'{Printable.Of(name)}' has no value: "
            + (near is not null ? $"'{Printable.Of(near)}' has one"
                : $"these have: {Printable.List([.. values.Keys.Order(StringComparer.Ordinal)])}"));
    }

    object?[] Places(Expression index) =>
        [.. index.Parts[1..].SelectMany(part => part.Is(Kind.Tuple, "(") && index.Parts.Length == 2
            ? part.Parts.Select(Of) : [Of(part)]).Select(AsPlace)];

    // A mask of ones and zeros is no index; a vector of whole numbers is.
    static object? AsPlace(object? item) => item switch
    {
        Tensor t when t.Rank == 0 => t.Item(),
        Tensor t => FormulaFunctions.WholeNumbers(t),
        object?[] list => Ids.From([.. list.Select(one => (int)FormulaFunctions.Number(one))]),
        Ids ids when ids.Shape.Rank == 0 => (double)ids[0],
        _ => item,
    };

    static object? Picked(object? whole, object?[] items)
    {
        if (whole is object?[] tuple && items is [double place])
        {
            int at = (int)place < 0 ? (int)place + tuple.Length : (int)place;
            if ((uint)at >= (uint)tuple.Length)
                Throw.Argument($"index {place} of {tuple.Length} sizes: {Throw.Run("indices", tuple.Length)}");
            return tuple[at];
        }
        if (whole is Ids ids)
        {
            var which = FormulaIndex.Of(ids.Shape, items);
            int[] picked = [.. which.Flat.Select(i => ids[i])];
            return which.Shape.Rank == 0 ? (double)picked[0] : Ids.From(picked, which.Shape);
        }
        var x = FormulaFunctions.Tensor(whole);
        if (x.RequiresGrad && items is [Ids rows] && x.Rank > 1) return x.Rows(rows);
        var index = FormulaIndex.Of(x.Shape, items);
        if (x.RequiresGrad) return x.Reshape(-1, 1).Rows(Ids.From(index.Flat)).Reshape(index.Shape.Span);
        var numbers = x.Read<double>();
        double[] result = new double[index.Flat.Length];
        for (int i = 0; i < result.Length; i++) result[i] = numbers[index.Flat[i]];
        return Tensor.From(result, index.Shape);
    }

    object? Changed(object? old, Statement statement, object? value)
    {
        if (statement.Index is null)
        {
            object? sum = FormulaFunctions.Binary(statement.Op[..1], old, value);
            if (old is Tensor before && sum is Tensor after && before.Shape != after.Shape)
                Throw.Argument($"'{statement.Target}' is {before.Shape} and cannot become {after.Shape} in place: "
                    + "sum what is added over the axes that were broadcast, or begin with '='");
            return sum;
        }
        var x = FormulaFunctions.Tensor(old);
        if (Random is not null)
            Throw.Argument($"a program computes a tensor once, and '{statement.Target}' is changed in place here: "
                + "write a new name = formula");
        var index = FormulaIndex.Of(x.Shape, Places(statement.Index));
        double[] numbers = x.ToArray<double>();
        double[] by = FormulaFunctions.Tensor(value).Expand(index.Shape).ToArray<double>();
        for (int i = 0; i < by.Length; i++)
        {
            ref double number = ref numbers[index.Flat[i]];
            number = statement.Op switch
            {
                "+=" => number + by[i],
                "-=" => number - by[i],
                "*=" => number * by[i],
                "/=" => number / by[i],
                _ => by[i],
            };
        }
        return Tensor.From(numbers, x.Shape);
    }

    /// <summary>Refuses a value that is no tensor and no number, such as a tuple.</summary>
    public void CheckTensor(string name, int at) => At(at, () => FormulaFunctions.Tensor(values[name]));

    int? Whole(Expression x) => x.Kind == Kind.Empty || Of(x) is not { } value ? null
        : At(x.At, () => (int?)FormulaFunctions.Number(value));

    IEnumerable<object?> Items(object? over, Expression x) => over switch
    {
        Ids ids when ids.Shape.Rank == 1 => ids.Span.ToArray().Select(i => (object?)(double)i),
        object?[] list => list,
        Tensor t when t.Rank > 0 => Enumerable.Range(0, t.Shape[0]).Select(i => Picked(t, [(double)i])),
        Ids ids when ids.Shape.Rank > 1 => Enumerable.Range(0, ids.Shape[0]).Select(i => Picked(ids, [(double)i])),
        _ => throw new FormulaException(text, x.At, "a loop runs over range(n), or over the rows of a tensor"),
    };

    /// <summary>What is refused inside is refused at a place of the text.</summary>
    T At<T>(int at, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new FormulaException(text, at, e.Message, e);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or InvalidCastException or OverflowException
            or NullReferenceException)
        {
            throw new FormulaException(text, at, "the arguments do not fit here: look at their number and their kind",
                e);
        }
    }

    /// <summary>How many letters have to be changed, added or left out.</summary>
    static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, changed));
            }
        }
        return row[^1];
    }
}
