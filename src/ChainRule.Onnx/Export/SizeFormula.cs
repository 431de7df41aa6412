namespace ChainRule.Formats.Export;

/// <summary>
/// A size as it follows from the sizes of dynamic axes: a constant, a multiple of one size or of the product of
/// several,
/// or a multiple of one and a constant beside it.
/// </summary>
/// <param name="Constant">What is added.</param>
/// <param name="Factor">What the product is multiplied by.</param>
/// <param name="Names">Whose product; none for a constant.</param>
sealed record SizeFormula(long Constant, long Factor, IReadOnlyList<string> Names)
{
    public bool IsConstant => Names.Count == 0;

    /// <summary>As a size is named in a file.</summary>
    public override string ToString()
    {
        if (IsConstant) return $"{Constant}";
        string product = string.Join("*", Factor == 1 ? Names : [$"{Factor}", .. Names]);
        return Constant == 0 ? product : $"{product}{(Constant > 0 ? "+" : "")}{Constant}";
    }

    /// <summary>The simplest formula that gives a size at every sample; null if none of these kinds does.</summary>
    /// <param name="sizes">The sizes of the dynamic axes, of each sample.</param>
    /// <param name="values">What came out.</param>
    public static SizeFormula? Of(IReadOnlyList<IReadOnlyDictionary<string, int>> sizes, IReadOnlyList<long> values)
    {
        if (values.All(value => value == values[0])) return new(values[0], 0, []);
        string[] names = [.. sizes[0].Keys];
        // Every set of names, the smaller before the larger.
        foreach (int set in Enumerable.Range(1, (1 << names.Length) - 1).OrderBy(set => int.PopCount(set)))
        {
            string[] of = [.. names.Where((_, i) => (set >> i & 1) == 1)];
            long[] products = [.. sizes.Select(size => of.Aggregate(1L, (product, name) => product * size[name]))];
            int other = Array.FindIndex(products, product => product != products[0]);
            if (other < 0 || (values[other] - values[0]) % (products[other] - products[0]) != 0) continue;
            long factor = (values[other] - values[0]) / (products[other] - products[0]),
                constant = values[0] - factor * products[0];
            if (factor != 0 && products.Select((product, i) => constant + factor * product == values[i]).All(fits =>
                fits))
                return new(constant, factor, of);
        }
        return null;
    }
}
