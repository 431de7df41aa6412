namespace ChainRule.Classical;

/// <summary>The numbers that a classical model is fitted to, in double: the columns of x, and y.</summary>
sealed class Columns
{
    Columns(int rows, double[][] x, string[] names) => (Rows, X, Names) = (rows, x, names);

    public int Rows { get; }

    /// <summary>A column each.</summary>
    public double[][] X { get; }

    public string[] Names { get; }

    /// <exception cref="ArgumentException">x is no matrix, has no rows or columns, holds a number that is not finite,
    /// or has not as many names as columns.</exception>
    public static Columns Of(string asked, Tensor x, IReadOnlyList<string>? names = null)
    {
        double[] numbers = Matrix(asked, x);
        int rows = x.Shape[0], columns = x.Shape[1];
        if (names is not null && names.Count != columns)
            Throw.Argument($"{asked}: {names.Count} names for {columns} columns: name each column", nameof(names));
        double[][] found = new double[columns][];
        for (int c = 0; c < columns; c++)
        {
            found[c] = new double[rows];
            for (int i = 0; i < rows; i++) found[c][i] = numbers[i * columns + c];
        }
        string[] called = new string[columns];
        for (int c = 0; c < columns; c++) called[c] = names is null ? $"{c}" : names[c] ?? "";
        return new(rows, found, called);
    }

    /// <summary>The numbers of a matrix, row by row.</summary>
    /// <exception cref="ArgumentException">It is no matrix, has no rows or columns, holds a number that is not finite,
    /// or has another number of columns.</exception>
    public static double[] Matrix(string asked, Tensor x, int columns = 0)
    {
        if (x.Rank != 2 || x.Shape[0] == 0 || x.Shape[1] == 0)
            Throw.Argument($"{asked}: the inputs are {x.Shape}: give a matrix [rows, columns] with at least one of "
                + "each", nameof(x));
        if (columns > 0 && x.Shape[1] != columns)
            Throw.Argument($"{asked}: the inputs are {x.Shape}, and the model was fitted to {columns} columns: give "
                + $"[rows, {columns}]", nameof(x));
        double[] numbers = x.Detach().To(DType.Float64).ToArray<double>();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.IsFinite(numbers[i]))
                Throw.Argument($"{asked}: row {i / x.Shape[1]}, column {i % x.Shape[1]} of the inputs is "
                    + $"{numbers[i]}: give finite numbers", nameof(x));
        }
        return numbers;
    }

    /// <summary>The numbers of targets [rows] or [rows, 1].</summary>
    /// <exception cref="ArgumentException">They have another shape, or hold a number that is not finite.</exception>
    public static double[] Targets(string asked, Tensor y, int rows)
    {
        if (y.Count != rows || y.Rank is not (1 or 2))
            Throw.Argument($"{asked}: the targets are {y.Shape} for {rows} rows: give [{rows}]", nameof(y));
        double[] numbers = y.Detach().To(DType.Float64).ToArray<double>();
        for (int i = 0; i < rows; i++)
            if (!double.IsFinite(numbers[i]))
                Throw.Argument($"{asked}: the target of row {i} is {numbers[i]}: give finite numbers", nameof(y));
        return numbers;
    }

    /// <summary>The classes of targets.</summary>
    /// <exception cref="ArgumentException">There is not one for each row, or one is negative.</exception>
    public static int[] Targets(string asked, Ids y, int rows)
    {
        Throw.IfNull(y, asked);
        if (y.Count != rows)
            Throw.Argument($"{asked}: the targets are {y.Shape} for {rows} rows: give [{rows}]", nameof(y));
        int[] classes = y.Span.ToArray();
        for (int i = 0; i < rows; i++)
            if (classes[i] < 0)
                Throw.Argument($"{asked}: row {i} is of class {classes[i]}: number the classes from 0", nameof(y));
        return classes;
    }
}
