using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>What is known of the units of a map, in their order.</summary>
/// <param name="Hits">How many rows each is the best unit of.</param>
/// <param name="Target">The column that is drawn on the map; null if none is.</param>
/// <param name="Classes">The names of the target's classes; empty where it is a number.</param>
/// <param name="ClassOf">The class of each unit, the most frequent among its rows; −1 where it has none.</param>
/// <param name="Means">The mean of a target that is a number, over the rows of each unit; NaN where it has
/// none.</param>
public sealed record MapUnits(IReadOnlyList<int> Hits, string? Target, IReadOnlyList<string> Classes,
    IReadOnlyList<int> ClassOf, IReadOnlyList<double> Means);

/// <summary>A self-organising map beside the rows of the table that it was made of, and what it says of its columns and
/// classes.</summary>
public sealed class TableMap
{
    internal TableMap(MapData data, SelfOrganizingMap map)
    {
        (Name, Encoder, Map, Target) = (data.Source, data.Encoder, map, data.Target);
        BestUnits = map.BestUnits(data.Inputs).Span.ToArray();
        int[] hits = new int[map.Rows * map.Columns];
        foreach (int unit in BestUnits) hits[unit]++;
        int[] classOf = [];
        double[] means = [];
        if (data.Labels is { Labels: { } labels } classes)
        {
            classOf = map.ClassMap(data.Inputs.Rows(classes.Known), labels).Span.ToArray();
            Purity = classes.Known.Select((row, i) => classOf[BestUnits[row]] == labels.Span[i] ? 1.0 : 0).Average();
            LargestClass = (double)labels.Span.ToArray().CountBy(label => label).Max(one => one.Value)
                / classes.Known.Length;
        }
        else if (data.Labels is { } numbers)
        {
            var of = numbers.Known.Select((row, i) => (Unit: BestUnits[row], Number: numbers.Numbers[i]))
                .ToLookup(one => one.Unit, one => one.Number);
            means = [.. hits.Select((_, unit) => of[unit].DefaultIfEmpty(double.NaN).Average())];
        }
        Units = new(hits, Target, data.Labels?.Classes ?? [], classOf, means);
    }

    /// <summary>What the data is called.</summary>
    public string Name { get; }

    /// <summary>How the columns became numbers.</summary>
    public TableEncoder Encoder { get; }

    /// <summary>The map.</summary>
    public SelfOrganizingMap Map { get; }

    /// <summary>The best unit of each row.</summary>
    public IReadOnlyList<int> BestUnits { get; }

    /// <summary>The column that is drawn on the map; null if none is.</summary>
    public string? Target { get; }

    /// <summary>What is known of each unit.</summary>
    public MapUnits Units { get; }

    /// <summary>The names of the target's classes; empty where it is a number.</summary>
    public IReadOnlyList<string> Classes => Units.Classes;

    /// <summary>The fraction of rows whose unit has their class; that of the most frequent class is what a map of one
    /// unit reaches.</summary>
    public double Purity { get; }

    /// <summary>The fraction of rows of the most frequent class.</summary>
    public double LargestClass { get; }

    /// <summary>Of a run, as its model stands.</summary>
    /// <exception cref="ArgumentException">It is on something else.</exception>
    public static TableMap Of(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Data is MapData data ? new(data, ((KohonenMap)run.Model).Read())
            : throw new Errors.RefusedArgumentException($"map: this is a run on {TrainingTask.Of(run.Data.Kind).Name}: "
                + "give one on a map", nameof(run));
    }
}
