namespace ChainRule;

/// <summary>An equation of <see cref="Tensor.Einsum"/> taken apart, and the steps that compute it.</summary>
sealed class EinsumPlan
{
    // Stand for the axes of "...", from the last one on.
    const char FirstOfEllipsis = '\u0100';

    readonly string _equation;

    public EinsumPlan(string equation, ReadOnlySpan<Tensor> inputs)
    {
        Throw.IfNull(equation, "einsum");
        _equation = equation;
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] parts = sides[0].Split(',');
        if (sides.Length > 2) Wrong("there is more than one arrow");
        if (parts.Length != inputs.Length)
            Wrong($"it names {Counted(parts.Length, "input")} and {inputs.Length} were given");

        var sizes = new Dictionary<char, int>();
        int widest = 0;
        Inputs = new string[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var shape = inputs[i].Shape;
            Inputs[i] = Spelled(parts[i],
                shape.Rank - parts[i].Replace("...", "", StringComparison.Ordinal).Length, ref widest);
            if (Inputs[i].Length != shape.Rank)
                Wrong($"input {i + 1} is {shape} and has {Counted(shape.Rank, "axis", "axes")}, "
                    + $"not {Inputs[i].Length}");
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                char letter = Inputs[i][axis];
                if (!sizes.TryAdd(letter, shape[axis]) && sizes[letter] != shape[axis])
                    Wrong($"'{Name(letter)}' is {sizes[letter]} before input {i + 1}, {shape}, where it is "
                        + $"{shape[axis]}");
            }
        }

        string ellipsis = new([.. Enumerable.Range(0, widest).Select(i => (char)(FirstOfEllipsis + widest - 1 - i))]);
        Result = sides.Length == 2
            ? Spelled(sides[1], widest, ref widest)
            : ellipsis + new string([.. Inputs.SelectMany(letters => letters).Where(char.IsAsciiLetter)
                .GroupBy(letter => letter).Where(one => one.Count() == 1)
                .Select(one => one.Key).Order()]);
        foreach (char letter in Result)
        {
            if (!sizes.ContainsKey(letter)) Wrong($"the result has '{Name(letter)}', which no input has");
            if (Result.Count(one => one == letter) > 1) Wrong($"the result has '{Name(letter)}' twice");
        }
    }

    /// <summary>The letters of each input's axes.</summary>
    public string[] Inputs { get; }

    /// <summary>The letters of the result's axes.</summary>
    public string Result { get; }

    /// <summary>
    /// Takes the diagonal of axes that share a letter, and sums what nobody else needs: neither the result, nor inputs
    /// from this one on, nor other letters.
    /// </summary>
    public void Simplify(ref Tensor x, ref string letters, int next, string others = "")
    {
        for (int a = 0; a < letters.Length; a++)
        {
            int b = letters.IndexOf(letters[a], a + 1);
            if (b < 0) continue;
            x = x.Diagonal(a, b);
            letters = letters.Remove(b, 1).Remove(a, 1) + letters[a];
            a = -1;
        }
        string kept = letters;
        int[] gone = [.. Enumerable.Range(0, letters.Length)
            .Where(axis => !Needed(kept[axis], next) && !others.Contains(kept[axis]))];
        if (gone.Length == 0) return;
        x = x.Sum(gone);
        letters = string.Concat(letters.Where((_, axis) => !gone.Contains(axis)));
    }

    /// <summary>
    /// One product of matrices: axes of both that stay are its batch, axes of both that go are summed.
    /// </summary>
    public void Multiply(ref Tensor x, ref string letters, Tensor y, string others, int next)
    {
        string left = letters;
        string batch = string.Concat(left.Where(letter => others.Contains(letter) && Needed(letter, next)));
        string summed = string.Concat(left.Where(letter => others.Contains(letter) && !Needed(letter, next)));
        string rows = string.Concat(left.Where(letter => !others.Contains(letter))),
            columns = string.Concat(others.Where(letter => !left.Contains(letter)));
        int[] sizes = [.. Sizes(x, left, batch), .. Sizes(x, left, rows), .. Sizes(y, others, columns)];
        int many = Product(Sizes(x, left, batch)), inner = Product(Sizes(x, left, summed));
        var a = Ordered(x, left, batch + rows + summed).Reshape(many, Product(Sizes(x, left, rows)), inner);
        var b = Ordered(y, others, batch + summed + columns).Reshape(many, inner, Product(Sizes(y, others, columns)));
        (x, letters) = (a.MatMul(b).Reshape(sizes), batch + rows + columns);
    }

    bool Needed(char letter, int next) => Result.Contains(letter) || Inputs.Skip(next).Any(one => one.Contains(letter));

    static Tensor Ordered(Tensor x, string letters, string order) =>
        x.Permute([.. order.Select(letter => letters.IndexOf(letter))]);

    static int[] Sizes(Tensor x, string letters, string some) =>
        [.. some.Select(letter => x.Shape[letters.IndexOf(letter)])];

    static int Product(int[] sizes) => sizes.Aggregate(1, (a, b) => a * b);

    /// <summary>The letters of a part, with letters of their own for the axes that "..." stands for.</summary>
    string Spelled(string part, int hidden, ref int widest)
    {
        int at = part.IndexOf("...", StringComparison.Ordinal);
        if (at >= 0)
        {
            if (hidden < 0) Wrong($"'{part}' has more letters than axes");
            widest = Math.Max(widest, hidden);
            part = part[..at]
                + new string([.. Enumerable.Range(0, hidden).Select(i => (char)(FirstOfEllipsis + hidden - 1 - i))])
                + part[(at + 3)..];
        }
        foreach (char letter in part)
            if (!char.IsAsciiLetter(letter) && letter < FirstOfEllipsis)
                Wrong($"'{letter}' is no letter: name axes by letters, such as in ij,jk->ik");
        return part;
    }

    static string Name(char letter) => letter < FirstOfEllipsis ? $"{letter}" : "...";

    static string Counted(int count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    void Wrong(string why) => Throw.Argument($"einsum \"{_equation}\": {why}", "equation");
}
