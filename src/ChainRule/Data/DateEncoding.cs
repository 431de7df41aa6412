using System.Globalization;
using System.Text.Json;

namespace ChainRule.Data;

/// <summary>
/// Year, month, day of the week (Monday is 1) and day number of a date, each standardised; the median day in place of a
/// missing one, and a column, 1 where it was missing, if training rows lack some. The day number counts from 1 January
/// of the year 1; the time of day is a part of it.
/// </summary>
sealed class DateEncoding(string column, bool? dayFirst, double median, double[] means, double[] deviations,
    bool indicator, TrainingRange? range = null) : ColumnEncoding(column)
{
    static readonly string[] s_parts = ["year", "month", "day of week", "day number"];

    readonly DateReader _reader = new(dayFirst);

    public override ColumnKind Kind => ColumnKind.Date;

    public override string[] Names => [.. s_parts.Select(part => $"{Column}: {part}"), .. indicator
        ? [$"{Column} is missing"] : Array.Empty<string>()];

    public override string Says => $"year, month, day of the week and day number, "
        + $"standardised{(dayFirst switch { true => "; day first", false => "; month first", _ => "" })}"
        + (indicator ? string.Create(CultureInfo.InvariantCulture,
            $"; missing ones become {Day(median):yyyy-MM-dd}, the median, with an indicator") : "");

    public static DateEncoding Fit(Table train, ColumnProfile profile)
    {
        var reader = profile.Dates!;
        double?[] days = Days(train, profile.Name, reader);
        double[] known = [.. days.OfType<double>().Order()];
        double median = known[known.Length / 2];
        double[][] parts = [.. days.Select(day => Parts(day ?? median))];
        double[] means = [.. Enumerable.Range(0, s_parts.Length).Select(p => parts.Average(one => one[p]))];
        double[] deviations =
            [.. means.Select((mean, p) => Math.Sqrt(parts.Average(one => (one[p] - mean) * (one[p] - mean))))];
        return new(profile.Name, reader.DayFirst, median, means, Array.ConvertAll(deviations, one => one > 0 ? one : 1),
            profile.Missing > 0, new(known[0], known[^1]));
    }

    public override void Encode(Table table, Span<double> matrix, int width, int at)
    {
        double?[] days = Days(table, Column, _reader);
        for (int i = 0; i < days.Length; i++)
        {
            double[] parts = Parts(days[i] ?? median);
            for (int p = 0; p < parts.Length; p++) matrix[i * width + at + p] = (parts[p] - means[p]) / deviations[p];
            if (indicator) matrix[i * width + at + parts.Length] = days[i] is null ? 1 : 0;
        }
    }

    public override IEnumerable<string> Remarks(Table table) =>
        Lacking(table, string.Create(CultureInfo.InvariantCulture,
            $"the training rows' median {Day(median):yyyy-MM-dd} is taken"));

    public override IEnumerable<int> FarRows(Table table) => range is not { } trained ? []
        : Days(table, Column, _reader).Index().Where(one => one.Item is { } day && trained.IsFar(day))
            .Select(one => one.Index);

    public override void Write(Utf8JsonWriter json)
    {
        if (dayFirst is { } first) json.WriteBoolean("dayFirst", first);
        json.WriteNumber("median", median);
        json.WriteStartArray("scales");
        for (int p = 0; p < means.Length; p++)
        {
            json.WriteNumberValue(means[p]);
            json.WriteNumberValue(deviations[p]);
        }
        json.WriteEndArray();
        json.WriteBoolean("indicator", indicator);
        range?.Write(json);
    }

    public static DateEncoding Read(string column, JsonElement json)
    {
        double[] scales = [.. json.GetProperty("scales").EnumerateArray().Select(one => one.GetDouble())];
        double median = Finite(json, "median");
        if (scales.Length != 2 * s_parts.Length || !Array.TrueForAll(scales, double.IsFinite)
            || scales.Where((_, i) => i % 2 == 1).Any(one => one <= 0) || !(median is >= 0 and < 3_652_059))
            throw new FormatException($"the scales of column '{Printable.Of(column, 40)}' are none");
        bool? dayFirst = json.TryGetProperty("dayFirst", out var first) ? first.GetBoolean() : null;
        return new(column, dayFirst, median, [.. scales.Where((_, i) => i % 2 == 0)],
            [.. scales.Where((_, i) => i % 2 == 1)], json.GetProperty("indicator").GetBoolean(),
            TrainingRange.Read(json));
    }

    static double?[] Days(Table table, string column, DateReader reader)
    {
        // A file of which the order is said may be written otherwise than the training file was.
        if (table.Format.DayFirst is { } first) reader = new(first);
        string?[] texts = table.Texts(column);
        double?[] days = new double?[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (texts[i] is not { } text) continue;
            if (!reader.TryRead(text, out var date))
            {
                string order = reader.DayFirst switch { true => " with the day first", false => " with the month first",
                    _ => ", such as 2024-03-31" };
                CsvException.Refuse($"{table.Where(column, i)}: '{Printable.Of(text)}' is no date{order}: correct it, "
                    + $"or {new CsvRemedy(CsvRemedyKind.MissingValues)}");
            }
            days[i] = date.Ticks / (double)TimeSpan.TicksPerDay;
        }
        return days;
    }

    static DateTime Day(double number) => new((long)(number * TimeSpan.TicksPerDay));

    static double[] Parts(double number)
    {
        var day = Day(number);
        return [day.Year, day.Month, ((int)day.DayOfWeek + 6) % 7 + 1, number];
    }
}
