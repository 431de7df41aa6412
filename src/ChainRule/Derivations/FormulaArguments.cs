namespace ChainRule.Derivations;

/// <summary>What a function of a formula was called with, by place and by name.</summary>
sealed class FormulaArguments(string function, object?[] given, Dictionary<string, object?> named)
{
    /// <summary>The first, as a tensor.</summary>
    public Tensor X => Tensor(0);

    public object? Value(int place)
    {
        if (place >= given.Length)
            Throw.Argument($"{Printable.Of(function)}: {given.Length} arguments: one more is needed");
        return given[place];
    }

    public Tensor Tensor(int place) => FormulaFunctions.Tensor(Value(place));

    /// <summary>All tensors of a list.</summary>
    public Tensor[] Tensors(int place) => Value(place) is object?[] list ? [.. list.Select(FormulaFunctions.Tensor)]
        : [Tensor(place)];

    public bool IsNamed(string name, out object? value) => named.TryGetValue(name, out value);

    /// <summary>Whether an argument was given, by place or by one of its names, and is not None.</summary>
    public bool Has(int place, params ReadOnlySpan<string> names) => Find(place, names) is not null;

    public bool Flag(int place, params ReadOnlySpan<string> names) =>
        Find(place, names) is { } value && FormulaFunctions.Number(value) != 0;

    /// <summary>A whole number, such as an axis.</summary>
    public int Axis(int place, params ReadOnlySpan<string> names)
    {
        object? value = Find(place, names);
        if (value is null) Throw.Argument($"{Printable.Of(function)}: say along which axis, as in {function}(1)");
        return (int)FormulaFunctions.Number(value);
    }

    /// <summary>Sizes or axes: a tuple, or all that is left.</summary>
    public int[] Sizes(int place, params ReadOnlySpan<string> names)
    {
        object? value = Find(place, names);
        if (value is object?[] tuple) return [.. tuple.Select(one => (int)FormulaFunctions.Number(one))];
        // Of a reduction there is one axis, and then whether it is kept.
        if (names.Length > 0) return value is null ? [] : [(int)FormulaFunctions.Number(value)];
        return [.. given.Skip(place).Select(one => (int)FormulaFunctions.Number(one))];
    }

    public int[] Shape(int place) => Sizes(place);

    object? Find(int place, ReadOnlySpan<string> names)
    {
        if (place < given.Length) return given[place];
        foreach (string name in names) if (named.TryGetValue(name, out object? value)) return value;
        return null;
    }
}
