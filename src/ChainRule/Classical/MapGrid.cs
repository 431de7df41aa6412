namespace ChainRule.Classical;

/// <summary>How the units of a map are laid out.</summary>
public enum GridShape
{
    /// <summary>In rows and columns; a unit has eight neighbours.</summary>
    Rectangular,

    /// <summary>As honeycombs: every second row is shifted by half a unit; a unit has six neighbours.</summary>
    Hexagonal,
}

/// <summary>Where the units of a map lie, and how far from each other.</summary>
sealed class MapGrid
{
    static readonly double s_rowHeight = Math.Sqrt(3) / 2;

    readonly double[] _distances;

    public MapGrid(int rows, int columns, GridShape shape, bool toroidal)
    {
        (Rows, Columns, Shape, Toroidal) = (rows, columns, shape, toroidal);
        double width = columns, height = shape == GridShape.Hexagonal ? rows * s_rowHeight : rows;
        Places = [.. Enumerable.Range(0, rows * columns).Select(unit => Place(unit / columns, unit % columns))];
        _distances = new double[Units * Units];
        for (int a = 0; a < Units; a++)
        {
            for (int b = 0; b < Units; b++)
            {
                double dx = Math.Abs(Places[a].X - Places[b].X), dy = Math.Abs(Places[a].Y - Places[b].Y);
                if (toroidal) (dx, dy) = (Math.Min(dx, width - dx), Math.Min(dy, height - dy));
                _distances[a * Units + b] = Math.Sqrt(dx * dx + dy * dy);
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public GridShape Shape { get; }

    public bool Toroidal { get; }

    public int Units => Rows * Columns;

    /// <summary>The middle of each unit; neighbours in a row are 1 apart.</summary>
    public (double X, double Y)[] Places { get; }

    public double Distance(int a, int b) => _distances[a * Units + b];

    /// <summary>The corners of a square touch; rounding is allowed for.</summary>
    public bool AreNeighbours(int a, int b) =>
        a != b && Distance(a, b) <= (Shape == GridShape.Hexagonal ? 1 : Math.Sqrt(2)) + 1e-9;

    (double, double) Place(int row, int column) => Shape == GridShape.Hexagonal
        ? (column + 0.5 * (row % 2), row * s_rowHeight) : (column, row);
}
