namespace ChainRule.Pictures;

/// <summary>
/// A function of two variables as runs of one colour: asked on a grid, taken to be bilinear between, and cut into
/// rows of rectangles as long as the value stays between the same two levels. A few thousand rectangles say what a
/// hundred thousand pixels would.
/// </summary>
sealed class Bands
{
    const int Rows = 200;

    readonly double[,] _grid;
    readonly (double From, double To) _xs, _ys;
    readonly int _steps;

    Bands(Func<double, double, double> f, (double From, double To) xs, (double From, double To) ys, int steps)
    {
        (_xs, _ys, _steps, _grid) = (xs, ys, steps, new double[steps + 1, steps + 1]);
        for (int i = 0; i <= steps; i++)
        {
            for (int j = 0; j <= steps; j++) _grid[i, j] = f(At(xs, (double)j / steps), At(ys, (double)i / steps));
        }
    }

    /// <summary>The borders between bands.</summary>
    public double[] Levels { get; private set; } = [];

    public List<(double X, double X2, double Y, double Y2, double Value)> Runs { get; } = [];

    public (double X, double Y, double Value) Low { get; private set; }

    public (double X, double Y, double Value) High { get; private set; }

    public static Bands Of(string asked, Func<double, double, double> f, (double From, double To) xs,
        (double From, double To) ys, int steps, IReadOnlyList<double>? levels)
    {
        var bands = new Bands(f, xs, ys, steps);
        bands.FindEnds(asked);
        if (levels is not null
            && (levels.Count == 0 || levels.Zip(levels.Skip(1)).Any(pair => !(pair.First < pair.Second))))
            Throw.Argument(
                $"{asked}: its levels are [{string.Join(", ", levels.Select(Words.Number))}]: give rising numbers");
        bands.Levels = levels is null ? Even(bands.Low.Value, bands.High.Value) : [.. levels];
        bands.Cut(Math.Max(steps, Rows / steps * steps));
        return bands;
    }

    /// <summary>Nine values along each axis.</summary>
    public DataTable Table(string title, string x, string y)
    {
        int shown = Math.Min(_steps, 8);
        double Place((double, double) range, int k) => At(range, (double)(k * _steps / shown) / _steps);
        return new(title, [$"{y} \\ {x}", .. Enumerable.Range(0, shown + 1).Select(k => Words.Number(Place(_xs, k)))],
            shown + 1, r => [Words.Number(Place(_ys, shown - r)),
                .. Enumerable.Range(0, shown + 1)
                    .Select(k => Words.Number(_grid[(shown - r) * _steps / shown, k * _steps / shown]))]);
    }

    static double At((double From, double To) range, double fraction) =>
        range.From + (range.To - range.From) * fraction;

    static double[] Even(double low, double high) =>
        low == high ? [low] : [.. Enumerable.Range(1, 7).Select(i => low + (high - low) * i / 8)];

    void FindEnds(string asked)
    {
        var all = Enumerable.Range(0, _steps + 1).SelectMany(i => Enumerable.Range(0, _steps + 1).Select(j =>
            (X: At(_xs, (double)j / _steps), Y: At(_ys, (double)i / _steps), Value: _grid[i, j])))
                .Where(place => double.IsFinite(place.Value)).ToList();
        if (all.Count == 0)
            Throw.Argument($"{asked}: the function is finite nowhere on the grid: there is nothing to colour");
        (Low, High) = (all.MinBy(place => place.Value), all.MaxBy(place => place.Value));
    }

    void Cut(int rows)
    {
        for (int r = 0; r < rows; r++)
        {
            int start = 0;
            int? band = BandAt(r, 0, rows);
            for (int c = 1; c <= rows; c++)
            {
                int? next = c == rows ? -1 : BandAt(r, c, rows);
                if (c < rows && next == band) continue;
                if (band is { } run)
                    Runs.Add((At(_xs, (double)start / rows), At(_xs, (double)c / rows), At(_ys, (double)r / rows),
                        At(_ys, (double)(r + 1) / rows), Middle(run)));
                (start, band) = (c, next);
            }
        }
    }

    // The number of levels below the value; none where it is not finite.
    int? BandAt(int r, int c, int rows)
    {
        double v = (r + 0.5) / rows * _steps, u = (c + 0.5) / rows * _steps;
        int i = (int)v, j = (int)u;
        double below = _grid[i, j] + (_grid[i, j + 1] - _grid[i, j]) * (u - j),
            above = _grid[i + 1, j] + (_grid[i + 1, j + 1] - _grid[i + 1, j]) * (u - j);
        double value = below + (above - below) * (v - i);
        return double.IsFinite(value) ? Levels.Count(level => value >= level) : null;
    }

    // A number within the band, to stand for it.
    double Middle(int band) =>
        band == 0 ? Math.Min(Low.Value, Levels[0] - 1e-6 * (1 + Math.Abs(Levels[0])))
        : band == Levels.Length ? Math.Max(High.Value, Levels[^1]) : (Levels[band - 1] + Levels[band]) / 2;
}
