using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>The Q of a QR decomposition whose R has a positive diagonal.</summary>
static class Orthonormal
{
    /// <summary>
    /// Makes the columns of a matrix [rows, columns] orthogonal to one another and of length 1, from the first on: Gram
    /// and Schmidt's way, gone twice, because what the first leaves is as large as the rounding of what it took away.
    /// </summary>
    public static void Columns(Span<double> a, int rows, int columns)
    {
        double[] turned = new double[a.Length];
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) turned[j * rows + i] = a[i * columns + j];
        for (int j = 0; j < columns; j++)
        {
            var column = turned.AsSpan(j * rows, rows);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    var before = turned.AsSpan(k * rows, rows);
                    TensorPrimitives.MultiplyAdd(before, -TensorPrimitives.Dot<double>(before, column), column, column);
                }
                TensorPrimitives.Divide(column, TensorPrimitives.Norm<double>(column), column);
            }
        }
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) a[i * columns + j] = turned[j * rows + i];
    }
}
