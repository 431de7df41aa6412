using System.Numerics;

namespace ChainRule.Classical;

/// <summary>Rows of numbers without rounding: each column as whole multiples of one power of 2. What is said of them is
/// proven.</summary>
sealed class ExactRows
{
    // About two seconds of elimination.
    const long MostSteps = 500_000;

    const int MantissaBits = 52, LeastExponent = -1074;

    readonly double[] _x;
    readonly int _columns;

    /// <param name="x">Row by row, finite.</param>
    /// <param name="columns">How many numbers a row has.</param>
    public ExactRows(double[] x, int columns) => (_x, _columns) = (x, columns);

    /// <summary>Whether Σ timesᵢ xᵢ is 0 in each column.</summary>
    public bool SumToZero(IReadOnlyList<(int Row, int Times)> rows)
    {
        for (int j = 0; j < _columns; j++)
        {
            var numbers = Whole([.. rows.Select(one => _x[one.Row * _columns + j])]);
            var sum = BigInteger.Zero;
            foreach (var (k, number) in numbers.Index()) sum += number * rows[k].Times;
            if (!sum.IsZero) return false;
        }
        return true;
    }

    /// <summary>Whether 0 is a weighted mean of the differences of pairs of rows: whether there are weights ≥ 0, not
    /// all 0, with Σ wₖ (oneₖ − otherₖ) = 0. It is not said of differences that depend on one another in more than one
    /// way, and not of a number of them that would take long: then the answer is false.</summary>
    public bool HaveZeroBetween(IReadOnlyList<(int One, int Other)> pairs)
    {
        int count = pairs.Count;
        if ((long)_columns * count * count > MostSteps) return false;
        var a = new BigInteger[_columns][];
        for (int j = 0; j < _columns; j++)
        {
            var numbers = Whole([.. pairs.SelectMany(pair => (double[])[_x[pair.One * _columns + j],
                _x[pair.Other * _columns + j]])]);
            a[j] = [.. Enumerable.Range(0, count).Select(k => numbers[2 * k] - numbers[2 * k + 1])];
        }
        // Bareiss's elimination, above the pivot too: every division is exact, and all pivots end as the same number.
        var pivot = BigInteger.One;
        List<int> solved = [];
        int free = -1;
        for (int c = 0; c < count; c++)
        {
            int at = solved.Count, found = at;
            while (found < _columns && a[found][c].IsZero) found++;
            if (found == _columns)
            {
                if (free >= 0) return false;
                free = c;
                continue;
            }
            (a[at], a[found]) = (a[found], a[at]);
            var next = a[at][c];
            for (int i = 0; i < _columns; i++)
            {
                if (i == at) continue;
                var factor = a[i][c];
                for (int k = 0; k < count; k++) a[i][k] = (next * a[i][k] - factor * a[at][k]) / pivot;
            }
            pivot = next;
            solved.Add(c);
        }
        return free >= 0 && Enumerable.Range(0, solved.Count).All(i => a[i][free].Sign * pivot.Sign <= 0);
    }

    /// <summary>The numbers as whole multiples of the largest power of 2 that divides them all.</summary>
    static BigInteger[] Whole(double[] numbers)
    {
        var parts = Array.ConvertAll(numbers, Parts);
        int least = parts.Where(part => part.Mantissa != 0).Select(part => part.Exponent).DefaultIfEmpty(0).Min();
        return [.. parts.Select(part => part.Mantissa == 0 ? BigInteger.Zero
            : new BigInteger(part.Mantissa) << (part.Exponent - least))];
    }

    /// <summary>A number as mantissa · 2^exponent, with an odd mantissa.</summary>
    static (long Mantissa, int Exponent) Parts(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number), mantissa = bits & ((1L << MantissaBits) - 1);
        int exponent = (int)(bits >> MantissaBits & 0x7FF);
        if (exponent > 0) (mantissa, exponent) = (mantissa | 1L << MantissaBits, exponent - 1);
        if (mantissa == 0) return (0, 0);
        int zeros = BitOperations.TrailingZeroCount(mantissa);
        return (number < 0 ? -(mantissa >> zeros) : mantissa >> zeros, exponent + LeastExponent + zeros);
    }
}
