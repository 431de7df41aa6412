using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>The matrix K(xᵢ, xⱼ), a row at a time; the rows asked for last are kept, as many as 256 MiB hold.</summary>
sealed class KernelRows
{
    const long Kept = 1L << 28;

    readonly double[] _x, _squares;
    readonly int _columns;
    readonly Kernel _kernel;
    readonly double _gamma;
    readonly Dictionary<int, LinkedListNode<(int Row, double[] Values)>> _known = [];
    readonly LinkedList<(int Row, double[] Values)> _recent = [];
    readonly int _most;

    public KernelRows(double[] x, int columns, Kernel kernel, double gamma)
    {
        (_x, _columns, _kernel, _gamma) = (x, columns, kernel, gamma);
        Count = x.Length / columns;
        _squares = new double[Count];
        for (int i = 0; i < Count; i++)
            _squares[i] = TensorPrimitives.SumOfSquares<double>(x.AsSpan(i * columns, columns));
        _most = (int)Math.Max(2, Math.Min(Count, Kept / (sizeof(double) * (long)Count)));
    }

    public int Count { get; }

    /// <summary>K(xᵢ, xᵢ).</summary>
    public double Diagonal(int i) => _kernel == Kernel.Linear ? _squares[i] : 1;

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
        var row = _x.AsSpan(i * _columns, _columns);
        for (int j = 0; j < values.Length; j++)
            values[j] = TensorPrimitives.Dot<double>(row, _x.AsSpan(j * _columns, _columns));
        if (_kernel == Kernel.Rbf)
        {
            for (int j = 0; j < values.Length; j++)
                values[j] = -_gamma * Math.Max(0, _squares[i] + _squares[j] - 2 * values[j]);
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
