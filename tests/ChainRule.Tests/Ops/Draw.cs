namespace ChainRule.Tests.Ops;

/// <summary>An op asked with drawn inputs: what is computed from them.</summary>
sealed record Problem(Func<Tensor[], Tensor> Compute, params Tensor[] Inputs);

/// <summary>Small random problems, the same for the same seed.</summary>
sealed class Draw(int seed)
{
    readonly Random _random = new(seed);
    int _tensors;

    public int Int(int low, int high) => _random.Next(low, high + 1);

    public bool Flag() => Int(0, 1) == 1;

    public T OneOf<T>(params T[] choices) => choices[Int(0, choices.Length - 1)];

    public int[] Sizes(int lowRank, int highRank) =>
        [.. Enumerable.Range(0, Int(lowRank, highRank)).Select(_ => Int(1, 3))];

    /// <summary>An axis, counted from the front or from the back.</summary>
    public int Axis(int rank) => Int(-rank, rank - 1);

    /// <summary>Some axes, none for all of them.</summary>
    public int[] Axes(int rank) =>
        [.. Enumerable.Range(0, rank).Where(_ => Flag()).Select(axis => Flag() ? axis : axis - rank)];

    /// <summary>Two shapes that broadcast: some axes of either are 1 or left out.</summary>
    public (int[] A, int[] B) Broadcasting(int highRank = 3)
    {
        int[] whole = Sizes(0, highRank);
        return (Part(whole), Part(whole));
    }

    /// <summary>
    /// Float64 numbers in random order on a grid of its own, a seventh apart: no two numbers of a problem are equal,
    /// and none is 0, so that a nudge crosses no kink.
    /// </summary>
    public Tensor Numbers(params int[] shape)
    {
        int count = shape.Aggregate(1, (n, size) => n * size);
        double[] grid = [.. Enumerable.Range(0, count).Select(k => (k - count / 2 + 0.41 + 0.13 * _tensors) / 7)];
        _tensors++;
        _random.Shuffle(grid);
        return Tensor.From(grid, shape).RequireGrad();
    }

    /// <summary>As <see cref="Numbers"/>, from a half upwards.</summary>
    public Tensor Positive(params int[] shape) => (Numbers(shape).Abs() + 0.5).Detach().RequireGrad();

    public Ids Ids(int below, params int[] shape) =>
        ChainRule.Ids.From(
            [.. Enumerable.Range(0, shape.Aggregate(1, (n, size) => n * size)).Select(_ => Int(0, below - 1))], shape);

    /// <summary>A tensor of 0 and 1 that requires no gradient.</summary>
    public Tensor Mask(params int[] shape) =>
        Tensor.From([.. Enumerable.Range(0, shape.Aggregate(1, (n, size) => n * size)).Select(_ => (double)Int(0, 1))],
            shape);

    public int[] Part(int[] whole)
    {
        int[] part = [.. whole.Select(size => Int(0, 2) == 0 ? 1 : size)];
        return part[Int(0, part.Length)..];
    }
}
