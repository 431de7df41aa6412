using System.Globalization;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Errors;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>Where a row lies on a map.</summary>
/// <param name="Row">The row of its best unit, from 0.</param>
/// <param name="Column">The column of its best unit, from 0.</param>
/// <param name="Distance">Its distance from that unit's weights, in standard deviations: what is much further than
/// the quantisation error is unlike all that the map has seen.</param>
/// <param name="Class">The class of the unit; null where it had no rows, or the map has no target of classes.</param>
/// <param name="Mean">The mean of a target of numbers over the unit's rows; NaN where there is none.</param>
public sealed record MapPlace(int Row, int Column, double Distance, string? Class, double Mean);

/// <summary>How well a map fits rows.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="QuantizationError">The mean distance of a row from its best unit.</param>
/// <param name="TopographicError">The fraction of rows whose two best units are no neighbours.</param>
/// <param name="Target">The target of the map; null if it has none.</param>
/// <param name="RowsWithClass">How many rows have a class.</param>
/// <param name="Purity">The fraction of these whose unit has their class; null if there are none.</param>
public sealed record MapMeasure(int Rows, double QuantizationError, double TopographicError, string? Target,
    int RowsWithClass, double? Purity)
{
    /// <summary>In a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Printable.Count(Rows, "row")}: quantisation error {QuantizationError:0.0000}, topographic error ")
        + string.Create(CultureInfo.InvariantCulture, $"{TopographicError:0.0000}")
        + (Purity is { } purity ? string.Create(CultureInfo.InvariantCulture, $"; {100 * purity:0.0} % of ")
            + $"{Printable.Count(RowsWithClass, "row")} have the class ('{Printable.Of(Target, 40)}') of their "
            + $"unit" : "");
}

/// <summary>
/// A trained map, to place rows on.
/// <code>
/// var map = ChainRule.Zoo.Tables.MapModel.Load("runs/map");
/// foreach (var place in map.Place(map.Read("new.csv"))) Console.WriteLine(place);
/// </code>
/// </summary>
public sealed class MapModel
{
    readonly TableEncoder _encoder;
    readonly MapOptions _options;

    MapModel(SelfOrganizingMap map, TableEncoder encoder, MapOptions options, MapUnits units) =>
        (Map, _encoder, _options, Units) = (map, encoder, options, units);

    /// <summary>The map.</summary>
    public SelfOrganizingMap Map { get; }

    /// <summary>What is known of its units.</summary>
    public MapUnits Units { get; }

    /// <summary>The columns that a row must have.</summary>
    public IReadOnlyList<string> Columns => _encoder.Inputs;

    /// <summary>How many lines above the training file's header or first row were passed over.</summary>
    public int SkippedLines => _options.SkipLines;

    /// <summary>Reads the map of a finished run.</summary>
    /// <exception cref="ArgumentException">The run is on something else.</exception>
    /// <exception cref="InvalidDataException">It is not finished, or a file is damaged.</exception>
    public static MapModel Load(string folder)
    {
        var run = RunFolder.Open(folder);
        var task = TrainingTask.Of(run.Settings.Kind);
        if (task.Kind != TaskKind.Map)
            throw new RefusedArgumentException($"map: {Printable.Path(folder)} is a run on {task.Name}: "
                + task.NextCommand(folder), nameof(folder));
        var saved = SavedModel.Load(folder);
        if (run.ReadSummary() is not { } summary || !summary.Details.TryGetValue(MapData.UnitsName, out var units))
            throw new InvalidDataException($"map: {Printable.Path(folder)} is not finished, and the classes of its "
                + $"units are not known yet: go on with it by: {run.ResumeCommand(folder)}");
        return new(((KohonenMap)saved.Model).Read(), ((MapEncoding)saved.Preprocessing).Encoder,
            (MapOptions)RunConfig.Of(run).Options,
            RunFile.Read<MapUnits>(units)!);
    }

    /// <summary>Reads a file as the training file was read.</summary>
    /// <inheritdoc cref="Csv.Read(string, CsvOptions)" path="/exception"/>
    /// <param name="path">The file.</param>
    /// <param name="otherwise">What is otherwise in this file, of the options that the training file was read
    /// with.</param>
    public Table Read(string path, Func<TableOptions, TableOptions>? otherwise = null) =>
        Csv.Read(path, (otherwise?.Invoke(_options.Table) ?? _options.Table).Csv);

    /// <summary>Where each row of a table lies, whose columns may stand in any order.</summary>
    /// <exception cref="InvalidDataException">It lacks a column, or a field is not what the column held in
    /// training.</exception>
    public IReadOnlyList<MapPlace> Place(Table rows)
    {
        var x = _encoder.Encode(rows, DType.Float64);
        int[] best = Map.BestUnits(x).Span.ToArray();
        double[] distances = (x - Map.Weights.Rows(best)).Norm(1).ToArray<double>();
        return [.. best.Select((unit, i) => new MapPlace(unit / Map.Columns, unit % Map.Columns, distances[i],
            Units.Classes.Count > 0 && Units.ClassOf[unit] is >= 0 and var label ? Units.Classes[label] : null,
            Units.Means.Count > 0 ? Units.Means[unit] : double.NaN))];
    }

    /// <summary>How well the map fits the rows of a table, whose columns may stand in any order; of a target of classes
    /// that it holds, the purity too.</summary>
    /// <exception cref="InvalidDataException">It has no rows, lacks a column, or a field is not what the column held in
    /// training.</exception>
    public MapMeasure Evaluate(Table rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Rows == 0)
            throw new InvalidDataException("evaluate: the table has a header and no row below it: give rows to measure "
                + "the map on");
        var x = _encoder.Encode(rows, DType.Float64);
        double? purity = null;
        int known = 0;
        if (Units.Target is { } target && Units.Classes.Count > 0 && rows.Columns.Contains(target))
        {
            string?[] actual = rows.Texts(target);
            var places = Place(rows);
            known = actual.Count(one => one is not null);
            if (known > 0)
                purity = (double)actual.Index().Count(one => one.Item is { } label
                    && label == places[one.Index].Class) / known;
        }
        return new(rows.Rows, Map.QuantizationError(x), Map.TopographicError(x), Units.Target, known, purity);
    }

    /// <summary>What of a table was missing or never seen in training, and what is done about it, a sentence
    /// each.</summary>
    /// <inheritdoc cref="Place" path="/exception"/>
    public IReadOnlyList<string> Remarks(Table rows) => _encoder.Remarks(rows);
}
