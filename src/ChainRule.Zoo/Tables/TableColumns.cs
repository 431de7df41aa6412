using ChainRule.Data;
using System.Globalization;

namespace ChainRule.Zoo.Tables;

/// <summary>What was done with each column of a table.</summary>
static class TableColumns
{
    public static IEnumerable<TableColumn> Of(TableData data)
    {
        var table = data.Table;
        var encoder = data.Encoding.Encoder;
        var profiles = table.Profile.Columns.ToDictionary(column => column.Name);
        var encoded = encoder.Columns.ToLookup(column => column.Source, column => column.Name);
        foreach (string name in table.All.Columns)
        {
            if (!profiles.TryGetValue(name, out var profile))
            {
                string?[] texts = table.All.Texts(name);
                yield return new(name, "", texts.Count(text => text is null), texts.OfType<string>().Distinct().Count(),
                    "", [.. texts.OfType<string>().Distinct().Take(3)], "ignored", "as it was asked for");
                continue;
            }
            var (use, reason) = name == table.Target
                ? ("target", $"{table.Task.ToString().ToLowerInvariant()}: {table.TaskReason}")
                : name == table.Options.Group ? ("group", "its rows stay in one part")
                : name == table.Options.TimeOrder ? ("time order", "the latest rows are tested with")
                : !profile.IsUsed ? ("left out", TableSource.WhyLeftOut(profile))
                : encoder.LeftOut.TryGetValue(name, out string? why) ? ("left out", why)
                : ("input", Encoded([.. encoded[name]])
                    + (profile.Unit.Length > 0 ? $", without '{profile.Unit}'" : ""));
            yield return new(name, profile.Kind.ToString().ToLowerInvariant(), profile.Missing, profile.Distinct,
                double.IsNaN(profile.Mean) ? "" : string.Create(CultureInfo.InvariantCulture,
                    $"{profile.Min:G4} to {profile.Max:G4}, mean {profile.Mean:G4}"),
                [.. profile.Examples.Take(3)], use, reason, table.Profile.Leaks.GetValueOrDefault(name));
        }
    }

    static string Encoded(string[] into) =>
        into.Length == 1 ? "one number" : $"{into.Length} numbers: {Printable.List(into, 6)}";
}
