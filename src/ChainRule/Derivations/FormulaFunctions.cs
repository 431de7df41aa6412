namespace ChainRule.Derivations;

/// <summary>
/// The functions of the language of formulas, under the names that NumPy and PyTorch give them; <c>x.f(…)</c> and
/// <c>f(x, …)</c> are the same.
/// </summary>
static class FormulaFunctions
{
    /// <summary>Names that are known, for an error.</summary>
    const string Known = "sum, mean, var, std, max, min, exp, log, sqrt, abs, tanh, sigmoid, relu, sin, cos, pow, "
        + "softmax, log_softmax, cross_entropy, one_hot, zeros_like, ones_like, zeros, ones, eye, where, view, "
        + "reshape, transpose, "
        + "unsqueeze, squeeze, expand, matmul, outer, einsum, cat, stack, range, tril, flip, cumsum";

    public static object? Binary(string op, object? a, object? b)
    {
        if (a is double p && b is double q) return Numbers(op, p, q);
        if (a is Tensor x && b is double c)
        {
            switch (op)
            {
                case "+": return x + c;
                case "-": return x - c;
                case "*": return x * c;
                case "/": return x / c;
                case "**": return x.Pow(c);
            }
        }
        Tensor m = Tensor(a), n = Tensor(b);
        return op switch
        {
            "+" => m + n,
            "-" => m - n,
            "*" => m * n,
            "/" => m / n,
            "**" => m.Pow(n),
            "@" => m.MatMul(n),
            ">" => m.Greater(n),
            "<" => m.Less(n),
            ">=" => m.GreaterOrEqual(n),
            "<=" => m.LessOrEqual(n),
            "==" => m.EqualTo(n),
            "!=" => m.NotEqualTo(n),
            _ => m - n * (m / n).Floor(),
        };
    }

    public static object? Attribute(object? x, string name) => name switch
    {
        "shape" => x is Ids ids ? Sizes(ids.Shape) : Sizes(Tensor(x).Shape),
        "T" or "mT" => Tensor(x) is { Rank: > 1 } t ? t.Transpose(-2, -1) : x,
        "values" when x is object?[] pair => pair[0],
        "indices" when x is object?[] pair => pair[1],
        "ndim" => (double)Tensor(x).Rank,
        "data" => x,
        "size" => (double)Tensor(x).Count,
        _ => Refuse($"'.{Printable.Of(name)}' is not known here: .T and .shape are, and methods such as .sum(0)"),
    };

    public static object? Call(string name, object?[] given, Dictionary<string, object?> named)
    {
        var a = new FormulaArguments(name, given, named);
        switch (name)
        {
            case "range" or "arange": return Range(given);
            case "tensor" or "array" when given.Length == 1: return Written(given[0]);
            case "len": return given is [Ids ids] ? (double)ids.Shape[0] : (double)a.X.Shape[0];
            case "size" when given.Length > 1: return ((object?[])Attribute(given[0], "shape")!)[a.Axis(1)];
            case "size": return Attribute(a.Value(0), "shape");
            case "view" or "reshape" when given[0] is Ids i: return i.Reshape(Filled(a.Shape(1), i.Count));
            case "flatten" or "ravel" when given[0] is Ids i: return i.Reshape([i.Count]);
            case "one_hot": return OneHot(a);
            case "zeros_like" or "ones_like" or "zeros" or "ones" or "full_like" or "eye": return Made(name, a);
            case "max" or "min" or "amax" or "amin" when a.Has(1, "dim", "axis"): return Extreme(name, a);
            case "argmax": return a.X.ArgMax(a.Axis(1, "dim", "axis"), a.Flag(2, "keepdim", "keepdims"));
            case "where": return ChainRule.Tensor.Where(a.X, a.Tensor(1), a.Tensor(2));
            case "maximum": return ChainRule.Tensor.Maximum(a.X, a.Tensor(1));
            case "minimum": return ChainRule.Tensor.Minimum(a.X, a.Tensor(1));
            case "einsum": return ChainRule.Tensor.Einsum((string)given[0]!, [.. given[1..].Select(Tensor)]);
            case "cat" or "concatenate" or "concat":
                return ChainRule.Tensor.Concat(a.Has(1, "dim", "axis") ? a.Axis(1, "dim", "axis") : 0, a.Tensors(0));
            case "stack":
                return ChainRule.Tensor.Stack(a.Has(1, "dim", "axis") ? a.Axis(1, "dim", "axis") : 0, a.Tensors(0));
            case "matmul" or "mm" or "bmm" or "dot": return a.X.MatMul(a.Tensor(1));
            case "outer": return a.X.Reshape(-1, 1) * a.Tensor(1).Reshape(1, -1);
            case "mul" or "multiply": return Binary("*", given[0], given[1]);
            case "add": return Binary("+", given[0], given[1]);
            case "sub" or "subtract": return Binary("-", given[0], given[1]);
            case "div" or "divide": return Binary("/", given[0], given[1]);
            case "pow" or "power": return Binary("**", a.Value(0), a.Value(1));
            case "item" or "float" or "double" or "int" or "long" or "to" or "type" or "clone" or "copy" or "detach"
                or "contiguous" or "astype" or "tensor" or "array":
                return a.Value(0);
        }
        if (a.Value(0) is double number && Scalar(name, number) is { } result) return result;
        var x = a.X;
        return name switch
        {
            "sum" or "mean" or "var" or "std" or "prod" or "max" or "min" => Reduced(name, a),
            "exp" => x.Exp(),
            "log" => x.Log(),
            "sqrt" => x.Sqrt(),
            "rsqrt" => x.Pow(-0.5),
            "square" => x.Square(),
            "reciprocal" => x.Reciprocal(),
            "abs" => x.Abs(),
            "sign" => x.Sign(),
            "neg" or "negative" => -x,
            "tanh" => x.Tanh(),
            "sigmoid" => x.Sigmoid(),
            "relu" => x.Relu(),
            "sin" => x.Sin(),
            "cos" => x.Cos(),
            "erf" => x.Erf(),
            "cross_entropy" => x.CrossEntropy(a.Value(1) as Ids ?? WholeNumbers(a.Tensor(1))),
            "softmax" => x.Softmax(a.Axis(1, "dim", "axis")),
            "log_softmax" => x.LogSoftmax(a.Axis(1, "dim", "axis")),
            "view" or "reshape" => x.Reshape(a.Sizes(1)),
            "view_as" or "reshape_as" => x.Reshape(a.Tensor(1).Shape.Span),
            "flatten" or "ravel" => x.Reshape(-1),
            "expand" or "broadcast_to" => x.Expand(Expanded(x.Shape, a.Sizes(1))),
            "expand_as" => x.Expand(a.Tensor(1).Shape),
            "unsqueeze" or "expand_dims" => x.Unsqueeze(a.Axis(1, "dim", "axis")),
            "squeeze" => x.Squeeze(a.Axis(1, "dim", "axis")),
            "t" => x.T,
            "transpose" or "swapaxes" => given.Length > 1 ? x.Transpose(a.Axis(1), a.Axis(2)) : x.T,
            "permute" => x.Permute(a.Sizes(1)),
            "tril" => x * ChainRule.Tensor.LowerTriangle(x.Shape[^2], x.Shape[^1], DType.Float64,
                a.Has(1, "diagonal", "k") ? a.Axis(1, "diagonal", "k") : 0),
            "flip" => x.Flip(a.Sizes(1)),
            "cumsum" => x.CumSum(a.Axis(1, "dim", "axis")),
            "masked_fill" => x.MaskedFill(a.Tensor(1), Number(given[2])),
            _ => Refuse($"'{Printable.Of(name)}' is not known here: known are {Known}"),
        };
    }

    /// <summary>A value as a tensor of float64.</summary>
    public static Tensor Tensor(object? value) => value switch
    {
        Tensor x => x,
        double number => ChainRule.Tensor.Scalar(number, DType.Float64),
        Ids ids => ChainRule.Tensor.From(Array.ConvertAll(ids.Span.ToArray(), static i => (double)i), ids.Shape),
        object?[] { Length: 2 } pair when pair[0] is Tensor values && pair[1] is Ids => values,
        object?[] { Length: > 0 } list => Written(list),
        _ => (Tensor)Refuse("a tensor or a number is needed here")!,
    };

    /// <summary>Numbers that are written down, as in <c>[[1, 2], [3, 4]]</c>.</summary>
    public static Tensor Written(object? value)
    {
        if (value is not object?[] list || list.Length == 0) return Tensor(value);
        var parts = Array.ConvertAll(list, Written);
        var other = parts.FirstOrDefault(part => part.Shape != parts[0].Shape);
        if (other.Exists)
            Throw.Argument($"numbers are written down as {parts[0].Shape} and {other.Shape} in one list: write equally "
                + "many in each");
        return ChainRule.Tensor.Stack(0, parts).Detach();
    }

    /// <summary>The tensor that a name stands for: of <c>m = x.max(1)</c>, a pair, the values.</summary>
    public static Tensor? TensorIn(object? value) => value is Tensor x ? x
        : value is object?[] { Length: 2 } pair && pair[0] is Tensor values && pair[1] is Ids ? values : null;

    public static double Number(object? value) => value switch
    {
        double number => number,
        Tensor { Count: 1 } x => x.Item(),
        _ => (double)Refuse("a number is needed here")!,
    };

    /// <summary>The numbers of a tensor as indices.</summary>
    public static Ids WholeNumbers(Tensor x)
    {
        double[] numbers = x.ToArray<double>();
        foreach (double number in numbers)
            if (number != Math.Truncate(number) || Math.Abs(number) > int.MaxValue)
                Throw.Argument($"an index of {number}: give whole numbers");
        return Ids.From(Array.ConvertAll(numbers, static n => (int)n), x.Shape);
    }

    public static object? Refuse(string sentence)
    {
        Throw.Argument(sentence);
        return null;
    }

    static object? Numbers(string op, double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "**" => Math.Pow(a, b),
        "%" => a - b * Math.Floor(a / b),
        ">" => a > b ? 1.0 : 0,
        "<" => a < b ? 1.0 : 0,
        ">=" => a >= b ? 1.0 : 0,
        "<=" => a <= b ? 1.0 : 0,
        "==" => a == b ? 1.0 : 0,
        "!=" => a != b ? 1.0 : 0,
        _ => Refuse("@ multiplies matrices: multiply numbers with *"),
    };

    static double? Scalar(string name, double x) => name switch
    {
        "exp" => Math.Exp(x),
        "log" => Math.Log(x),
        "sqrt" => Math.Sqrt(x),
        "abs" => Math.Abs(x),
        "tanh" => Math.Tanh(x),
        "square" => x * x,
        _ => null,
    };

    static Tensor Reduced(string name, FormulaArguments a)
    {
        var x = a.X;
        bool keepDim = a.Flag(2, "keepdim", "keepdims");
        int[] axes = a.Has(1, "dim", "axis") ? a.Sizes(1, "dim", "axis") : [];
        bool unbiased = !a.IsNamed("unbiased", out object? wish) ? !a.IsNamed("correction", out object? less)
            && !a.IsNamed("ddof", out less) || Number(less) != 0 : Number(wish) != 0;
        return name switch
        {
            "sum" => x.Sum(axes, keepDim),
            "mean" => x.Mean(axes, keepDim),
            "var" => x.Var(axes, keepDim, unbiased),
            "std" => x.Std(axes, keepDim, unbiased),
            "prod" => x.Prod(axes, keepDim),
            "max" => x.Max(axes, keepDim),
            _ => x.Min(axes, keepDim),
        };
    }

    static object Extreme(string name, FormulaArguments a)
    {
        int axis = a.Axis(1, "dim", "axis");
        bool keepDim = a.Flag(2, "keepdim", "keepdims");
        var (values, indices) = name.EndsWith("max", StringComparison.Ordinal) ? a.X.MaxWithIndices(axis, keepDim)
            : a.X.MinWithIndices(axis, keepDim);
        return name[0] == 'a' ? values : new object?[] { values, indices };
    }

    static Tensor OneHot(FormulaArguments a)
    {
        var ids = a.Value(0) as Ids ?? WholeNumbers(a.X);
        int classes = a.Has(1, "num_classes", "classes") ? a.Axis(1, "num_classes", "classes")
            : ids.Span.ToArray().DefaultIfEmpty(-1).Max() + 1;
        return ChainRule.Tensor.OneHot(ids, classes, DType.Float64);
    }

    static Tensor Made(string name, FormulaArguments a)
    {
        if (name == "eye") return ChainRule.Tensor.Eye(a.Axis(0), DType.Float64);
        double fill = name switch { "full_like" => Number(a.Value(1)), "ones" or "ones_like" => 1, _ => 0 };
        return ChainRule.Tensor.Full(name.EndsWith("_like", StringComparison.Ordinal) ? a.X.Shape : a.Shape(0), fill,
            DType.Float64);
    }

    static Ids Range(object?[] given)
    {
        int[] ends = [.. given.Where(one => one is double or ChainRule.Tensor).Select(one => (int)Number(one))];
        if (ends.Length is 0 or > 3) Refuse("range takes an end, or a start, an end and a step");
        int start = ends.Length > 1 ? ends[0] : 0, end = ends.Length > 1 ? ends[1] : ends[0],
            step = ends.Length > 2 ? ends[2] : 1;
        if (step == 0) Refuse("range: a step of 0 never ends");
        int count = (int)Math.Max(0, ((long)end - start + step - Math.Sign(step)) / step);
        if (count > 10_000_000) Refuse($"range: {count:N0} numbers are too many here");
        return Ids.From([.. Enumerable.Range(0, count).Select(i => start + i * step)]);
    }

    static int[] Expanded(Shape from, int[] sizes) => [.. sizes.Select((size, i) =>
        size >= 0 ? size : from[i - sizes.Length + from.Rank])];

    static int[] Filled(int[] sizes, int count)
    {
        int known = sizes.Where(size => size >= 0).Aggregate(1, (a, b) => a * b);
        return [.. sizes.Select(size => size >= 0 ? size : known == 0 ? 0 : count / known)];
    }

    static object?[] Sizes(Shape shape) => [.. shape.Span.ToArray().Select(size => (object?)(double)size)];
}
