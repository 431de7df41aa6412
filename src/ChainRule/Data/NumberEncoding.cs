using System.Globalization;
using System.Text.Json;

namespace ChainRule.Data;

/// <summary>(x − mean) / standard deviation of a number, the median in place of a missing one, and a second column, 1
/// where it was missing, if training rows lack it.</summary>
sealed class NumberEncoding(string column, double median, double mean, double deviation, bool indicator,
    string unit = "", TrainingRange? range = null) : ColumnEncoding(column)
{
    public override ColumnKind Kind => ColumnKind.Number;

    public override string[] Names => indicator ? [Column, $"{Column} is missing"] : [Column];

    public override string Says => string.Create(CultureInfo.InvariantCulture,
        $"standardised by mean {mean:G4} and standard deviation {deviation:G4}")
        + (indicator ? string.Create(CultureInfo.InvariantCulture,
            $"; missing ones become the median {median:G4}, with an indicator") : "");

    public static NumberEncoding Fit(Table train, ColumnProfile profile)
    {
        double?[] numbers = train.Numbers(profile.Name, profile.Unit);
        double[] known = [.. numbers.OfType<double>().Order()];
        double median = known.Length % 2 == 1 ? known[known.Length / 2] : known[known.Length / 2 - 1] / 2
            + known[known.Length / 2] / 2;
        double mean = numbers.Sum(x => (x ?? median) / numbers.Length),
            deviation = Math.Sqrt(numbers.Sum(x => Math.Pow((x ?? median) - mean, 2) / numbers.Length));
        return new(profile.Name, median, mean, deviation > 0 ? deviation : 1, profile.Missing > 0, profile.Unit,
            new(known[0], known[^1]));
    }

    public override void Encode(Table table, Span<double> matrix, int width, int at)
    {
        double?[] numbers = table.Numbers(Column, unit);
        for (int i = 0; i < numbers.Length; i++)
        {
            matrix[i * width + at] = ((numbers[i] ?? median) - mean) / deviation;
            if (indicator) matrix[i * width + at + 1] = numbers[i] is null ? 1 : 0;
        }
    }

    public override IEnumerable<string> Remarks(Table table) =>
        Lacking(table, string.Create(CultureInfo.InvariantCulture, $"the training rows' median {median:G6} is taken"));

    public override IEnumerable<int> FarRows(Table table) => range is not { } trained ? []
        : table.Numbers(Column, unit).Index().Where(one => one.Item is { } number && trained.IsFar(number))
            .Select(one => one.Index);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("median", median);
        json.WriteNumber("mean", mean);
        json.WriteNumber("deviation", deviation);
        json.WriteBoolean("indicator", indicator);
        if (unit.Length > 0) json.WriteString("unit", unit);
        range?.Write(json);
    }

    public static NumberEncoding Read(string column, JsonElement json)
    {
        double deviation = Finite(json, "deviation");
        if (deviation <= 0) throw new FormatException($"'deviation' is {deviation}");
        string? unit = json.TryGetProperty("unit", out var written) ? written.GetString() : null;
        return new(column, Finite(json, "median"), Finite(json, "mean"), deviation, json.GetProperty("indicator")
            .GetBoolean(), unit ?? "", TrainingRange.Read(json));
    }
}
