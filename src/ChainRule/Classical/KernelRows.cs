using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>The matrix K(xᵢ, xⱼ), a row at a time; the rows asked for last are kept, as many as 256 MiB hold.</summary>
sealed class KernelRows
{
    const long Kept = 1L << 28;

    readonly double[][] _columns;
    readonly double[] _squares;
    readonly Kernel _kernel;
    readonly double _gamma;
    readonly Dictionary<int, LinkedListNode<(int Row, double[] Values)>> _known = [];
    readonly LinkedList<(int Row, double[] Values)> _recent = [];
    readonly int _most;

    public KernelRows(double[][] columns, Kernel kernel, double gamma)
    {
        (_columns, _kernel, _gamma, Count) = (columns, kernel, gamma, columns[0].Length);
        _squares = new double[Count];
        foreach (double[] column in columns) TensorPrimitives.MultiplyAdd(column, column, _squares, _squares);
        Diagonal = kernel == Kernel.Linear ? _squares : [.. Enumerable.Repeat(1.0, Count)];
        _most = (int)Math.Max(2, Math.Min(Count, Kept / (sizeof(double) * (long)Count)));
    }

    public int Count { get; }

    /// <summary>K(xᵢ, xᵢ) of each row.</summary>
    public double[] Diagonal { get; }

    /// <summary>K of one row and all.</summary>
    public double[] Row(int i)
    {
        if (_known.TryGetValue(i, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Values;
        }
        double[] values = new double[Count];
        if (_recent.Count == _most)
        {
            values = _recent.Last!.Value.Values;
            _known.Remove(_recent.Last.Value.Row);
            _recent.RemoveLast();
        }
        // Down the columns, since rows are short.
        Array.Clear(values);
        for (int c = 0; c < _columns.Length; c++)
            TensorPrimitives.MultiplyAdd(_columns[c], _columns[c][i], values, values);
        if (_kernel == Kernel.Rbf)
        {
            // −γ (‖xᵢ‖² + ‖xⱼ‖² − 2 xᵢ · xⱼ), of which rounding may leave more than 0.
            TensorPrimitives.Multiply(values, -2, values);
            TensorPrimitives.Add(values, _squares, values);
            TensorPrimitives.Add(values, _squares[i], values);
            TensorPrimitives.Max(values, 0, values);
            TensorPrimitives.Multiply(values, -_gamma, values);
            TensorPrimitives.Exp(values, values);
        }
        _known[i] = _recent.AddFirst((i, values));
        return values;
    }

    public static double Of(Kernel kernel, double gamma, ReadOnlySpan<double> x, ReadOnlySpan<double> z)
    {
        if (kernel == Kernel.Linear) return TensorPrimitives.Dot(x, z);
        double distance = TensorPrimitives.Distance(x, z);
        return Math.Exp(-gamma * distance * distance);
    }
}
