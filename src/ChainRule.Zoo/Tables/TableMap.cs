using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tables;

/// <summary>What a self-organising map of a table is made of.</summary>
/// <param name="Table">How the table is read, which of its columns are taken, and as what; its target, if there is one,
/// is drawn on the map, which does not see it.</param>
/// <param name="Rows">Rows of units; if null, as the number of rows of the table asks for.</param>
/// <param name="Columns">Columns of units.</param>
/// <param name="Map">The other settings of the map.</param>
public sealed record TableMapOptions(TableOptions Table, int? Rows = null, int? Columns = null,
    SelfOrganizingMapOptions? Map = null);

/// <summary>A self-organising map of the rows of a table, and what it says of its columns and classes.</summary>
public sealed class TableMap
{
    const string Asked = "map", Wanted = "a CSV file with a header";

    const int MostRows = 100_000, MostClasses = 20;

    // Vesanto's rule, 5 √rows units, on a sheet that is a little wider than high.
    const double UnitsOfRoot = 5, Width = 1.25;

    readonly Table _table;

    TableMap(string name, Table table, TableMapOptions options)
    {
        (Name, _table, Target) = (name, table, options.Table.Target);
        var named = options.Table.For(table.Columns);
        var ignored = TableOptions.NamesOf(named.Ignore);
        var (categories, numbers) = (TableOptions.NamesOf(named.Categories), TableOptions.NamesOf(named.Numbers));
        foreach (var (option, names) in ((string, IReadOnlyList<string>)[])[("ignore", ignored),
            ("categories", categories), ("numbers", numbers), ("target", Target is null ? [] : [Target])])
            foreach (string column in names) Check(option, column);
        string[] left = [.. table.Columns.Where(column => column != Target && !ignored.Contains(column))];
        if (left.Length == 0)
            throw new InvalidDataException($"csv '{Name}': no column is left to make a map of: ignore fewer");
        var kinds = categories.Select(column => (column, ColumnKind.Category))
            .Concat(numbers.Select(column => (column, ColumnKind.Number))).Where(one => left.Contains(one.column));
        Encoder = TableEncoder.Fit(table, left, kinds.ToDictionary(one => one.column, one => one.Item2));
        Inputs = Encoder.Encode(table, DType.Float64);
        var (rows, columns) = Size(table.Rows, options);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Map = SelfOrganizingMap.Fit(Inputs, (options.Map ?? new()) with { Rows = rows, Columns = columns });
        Seconds = clock.Elapsed.TotalSeconds;
        BestUnits = Map.BestUnits(Inputs).Span.ToArray();
        if (Target is not null) ReadTarget(Target);
    }

    /// <summary>What the data is called.</summary>
    public string Name { get; }

    /// <summary>How the columns became numbers.</summary>
    public TableEncoder Encoder { get; }

    /// <summary>The rows as the map sees them.</summary>
    public Tensor Inputs { get; }

    /// <summary>The map.</summary>
    public SelfOrganizingMap Map { get; }

    /// <summary>The best unit of each row.</summary>
    public IReadOnlyList<int> BestUnits { get; }

    /// <summary>The column that is drawn on the map; null if none is.</summary>
    public string? Target { get; }

    /// <summary>The names of the target's classes; empty where it is a number.</summary>
    public IReadOnlyList<string> Classes { get; private set; } = [];

    /// <summary>The class of each unit, the most frequent among its rows; −1 where it has none.</summary>
    public IReadOnlyList<int> UnitClasses { get; private set; } = [];

    /// <summary>The mean of a target that is a number, over the rows of each unit; NaN where it has none.</summary>
    public IReadOnlyList<double> UnitMeans { get; private set; } = [];

    /// <summary>The fraction of rows whose unit has their class; that of the most frequent class is what a map of one
    /// unit reaches.</summary>
    public double Purity { get; private set; }

    /// <summary>The fraction of rows of the most frequent class.</summary>
    public double LargestClass { get; private set; }

    /// <summary>How long the map took to learn.</summary>
    public double Seconds { get; }

    /// <summary>How many rows each unit is the best of.</summary>
    public IReadOnlyList<int> Hits
    {
        get
        {
            int[] hits = new int[Map.Rows * Map.Columns];
            foreach (int unit in BestUnits) hits[unit]++;
            return hits;
        }
    }

    /// <summary>Reads a table and makes its map.</summary>
    /// <param name="path">A CSV file; - for the standard input.</param>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">A column is not there, or a setting is outside of its range.</exception>
    /// <exception cref="InvalidDataException">The file is no table, or none of its columns is of use.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TableMap Of(string path, TableMapOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Table.Check(Asked);
        var (name, bytes, piped) = Corpus.ReadAll(Asked, path, Wanted);
        Table table;
        using (var stream = new MemoryStream(bytes))
            table = piped ? Csv.Read(stream, options.Table.Csv) : Csv.Read(path, options.Table.Csv);
        if (table.Rows is < 2 or > MostRows)
            throw new InvalidDataException($"csv '{Printable.Of(name, 80)}': {table.Rows:N0} rows: a map is made of 2 "
                + $"to {MostRows:N0}");
        return new(Printable.Of(name, 80), table, options);
    }

    static (int Rows, int Columns) Size(int rows, TableMapOptions options)
    {
        double units = Math.Clamp(UnitsOfRoot * Math.Sqrt(rows), 4, 1000);
        int high = options.Rows ?? Math.Max(2, (int)Math.Round(options.Columns is { } wide ? units / wide
            : Math.Sqrt(units / Width)));
        // Every second row of a hexagonal grid is shifted: joined edges need an even number.
        if (options is { Rows: null, Map: { Toroidal: true, Grid: GridShape.Hexagonal } }) high += high % 2;
        return (high, options.Columns ?? Math.Max(2, (int)Math.Round(units / high)));
    }

    void ReadTarget(string target)
    {
        int units = Map.Rows * Map.Columns;
        string?[] texts = _table.Texts(target);
        int[] known = [.. Enumerable.Range(0, texts.Length).Where(i => texts[i] is not null)];
        if (known.Length == 0)
            throw new InvalidDataException($"csv '{Name}': the target '{Printable.Of(target, 40)}' is empty in all "
                + "rows: name another column");
        if (_table.IsNumeric(target) && known.DistinctBy(i => texts[i]).Count() > MostClasses)
        {
            double?[] numbers = _table.Numbers(target);
            UnitMeans = [.. Enumerable.Range(0, units).Select(k => known.Where(i => BestUnits[i] == k)
                .Select(i => numbers[i]!.Value).DefaultIfEmpty(double.NaN).Average())];
            return;
        }
        var (ids, names) = _table.Take(known).Classes(target);
        if (names.Count > MostClasses)
            throw new InvalidDataException($"csv '{Name}': the target '{Printable.Of(target, 40)}' has "
                + $"{names.Count:N0} classes, more than colours tell apart: name a column of at most {MostClasses}, "
                + "or of numbers");
        Classes = names;
        UnitClasses = Map.ClassMap(Inputs.Rows(known), ids).Span.ToArray();
        Purity = known.Select((row, i) => UnitClasses[BestUnits[row]] == ids.Span[i] ? 1.0 : 0).Average();
        LargestClass = (double)ids.Span.ToArray().CountBy(label => label).Max(one => one.Value) / known.Length;
    }

    void Check(string option, string column)
    {
        if (_table.Columns.Contains(column)) return;
        string meant = Nearest.To(column, _table.Columns) is { } near
            ? $"did you mean '{Printable.Of(near, 40)}'? There " : "there ";
        throw new ArgumentException($"map: {option} '{Printable.Of(column, 40)}': the table has no such column: {meant}"
            + $"are {Printable.List([.. _table.Columns], 30)}");
    }
}
