using System.Numerics.Tensors;

namespace ChainRule.Classical;

// What a learned map is asked.
partial class SelfOrganizingMap
{
    /// <summary>The best unit of each row: [rows, inputs] → [rows].</summary>
    /// <exception cref="ArgumentException">x is no matrix of as many columns, or a number is not finite.</exception>
    public Ids BestUnits(Tensor x)
    {
        double[] numbers = Numbers(x);
        return Ids.From([.. Enumerable.Range(0, x.Shape[0])
            .Select(i => BestTwo(numbers.AsSpan(i * Inputs, Inputs)).First)]);
    }

    /// <summary>The mean distance between a row and the weights of its best unit: how finely the map divides the
    /// data.</summary>
    /// <inheritdoc cref="BestUnits" path="/exception"/>
    public double QuantizationError(Tensor x) => ErrorsOf(Numbers(x)).Quantization;

    /// <summary>The fraction of rows whose best and second-best units are no neighbours on the grid: how often the map
    /// tears apart what is alike.</summary>
    /// <inheritdoc cref="BestUnits" path="/exception"/>
    public double TopographicError(Tensor x) => ErrorsOf(Numbers(x)).Topographic;

    /// <summary>
    /// The U-matrix: the mean distance between the weights of a unit and of its neighbours on the grid, [rows,
    /// columns]. Clusters are valleys, and what divides them are ridges.
    /// </summary>
    public Tensor DistancesToNeighbours()
    {
        double[] means = new double[_grid.Units];
        for (int a = 0; a < means.Length; a++)
        {
            (double sum, int count) = (0, 0);
            for (int b = 0; b < means.Length; b++)
            {
                if (!_grid.AreNeighbours(a, b)) continue;
                sum += TensorPrimitives.Distance<double>(_weights.AsSpan(a * Inputs, Inputs),
                    _weights.AsSpan(b * Inputs, Inputs));
                count++;
            }
            means[a] = sum / count;
        }
        return Tensor.From(means, [Rows, Columns]);
    }

    /// <summary>A component plane: one input's weight in each unit, [rows, columns].</summary>
    /// <param name="input">Which column of the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public Tensor ComponentPlane(int input)
    {
        if (input < 0 || input >= Inputs)
            Throw.OutOfRange($"{Asked}: component plane of input {input}: give 0 to {Inputs - 1}", nameof(input));
        double[] plane = new double[_grid.Units];
        for (int k = 0; k < plane.Length; k++) plane[k] = _weights[k * Inputs + input];
        return Tensor.From(plane, [Rows, Columns]);
    }

    /// <summary>
    /// The class map: for each unit the class that most of its rows have, [rows, columns]; −1 where no row is,
    /// and of as many the smaller.
    /// </summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="y">The class of each row, [rows], 0 or above.</param>
    /// <exception cref="ArgumentException">x is no matrix of as many columns, a number is not finite, or there is not a
    /// class for each row.</exception>
    public Ids ClassMap(Tensor x, Ids y)
    {
        int[] best = BestUnits(x).Span.ToArray();
        int[] labels = ChainRule.Classical.Columns.Targets(Asked, y, best.Length);
        int[] map = new int[_grid.Units];
        Array.Fill(map, -1);
        // The classes that there are, not all numbers below the largest of them.
        foreach (var own in labels.Index().GroupBy(one => best[one.Index], one => one.Item))
            map[own.Key] = own.CountBy(label => label).OrderByDescending(one => one.Value).ThenBy(one => one.Key)
                .First().Key;
        return Ids.From(map, [Rows, Columns]);
    }

    /// <summary>The middle of each unit as it is drawn, in the order of the units: neighbours in a row are 1 apart, and
    /// y grows downwards.</summary>
    public IReadOnlyList<(double X, double Y)> Places => _grid.Places;

    double[] Numbers(Tensor x) => ChainRule.Classical.Columns.Matrix(Asked, x, Inputs);
}
