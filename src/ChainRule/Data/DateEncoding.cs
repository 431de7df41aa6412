using System.Globalization;
using System.Text.Json;

namespace ChainRule.Data;

/// <summary>
/// Year, month, day of the week (Monday is 1) and day number of a date, each standardised; the median day in place of a
/// missing one, and a column, 1 where it was missing, if training rows lack some. The day number counts from 1 January
/// of the year 1; the time of day is a part of it. Where training rows have times of day, the sine and cosine of 2π
/// hour / 24, in which 23:59 is near to 0:00; of times without a date those two alone.
/// </summary>
sealed class DateEncoding(string column, DateReader reader, string[] parts, double median, double[] means,
    double[] deviations, bool indicator, TrainingRange? range = null) : ColumnEncoding(column)
{
    static readonly string[] s_date = ["year", "month", "day of week", "day number"],
        s_time = ["sine of hour", "cosine of hour"];

    public override ColumnKind Kind => ColumnKind.Date;

    public override string[] Names => [.. parts.Select(part => $"{Column}: {part}"), .. indicator
        ? [$"{Column} is missing"] : Array.Empty<string>()];

    public override string Says => (reader.IsClock ? "" : "year, month, day of the week and day number, ")
        + (parts.Contains(s_time[0]) ? "sine and cosine of the hour, " : "")
        + $"standardised{(reader.DayFirst switch { true => "; day first", false => "; month first", _ => "" })}"
        + (indicator ? $"; missing ones become {Median}, the median, with an indicator" : "");

    string Median => Day(median).ToString(reader.IsClock ? "HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateEncoding Fit(Table train, ColumnProfile profile)
    {
        var reader = profile.Dates!;
        double?[] days = Days(train, profile.Name, reader);
        double[] known = [.. days.OfType<double>().Order()];
        double median = known[known.Length / 2];
        string[] parts = reader.IsClock ? s_time
            : known.Any(day => Day(day).TimeOfDay > TimeSpan.Zero) ? [.. s_date, .. s_time] : s_date;
        double[][] rows = [.. days.Select(day => Parts(day ?? median, parts))];
        double[] means = [.. Enumerable.Range(0, parts.Length).Select(p => rows.Average(one => one[p]))];
        double[] deviations =
            [.. means.Select((mean, p) => Math.Sqrt(rows.Average(one => (one[p] - mean) * (one[p] - mean))))];
        return new(profile.Name, reader, parts, median, means, Array.ConvertAll(deviations, one => one > 0 ? one : 1),
            profile.Missing > 0, new(known[0], known[^1]));
    }

    public override void Encode(Table table, Span<double> matrix, int width, int at)
    {
        double?[] days = Days(table, Column, reader);
        for (int i = 0; i < days.Length; i++)
        {
            double[] row = Parts(days[i] ?? median, parts);
            for (int p = 0; p < row.Length; p++) matrix[i * width + at + p] = (row[p] - means[p]) / deviations[p];
            if (indicator) matrix[i * width + at + parts.Length] = days[i] is null ? 1 : 0;
        }
    }

    public override IEnumerable<string> Remarks(Table table) =>
        Lacking(table, $"the training rows' median {Median} is taken");

    public override IEnumerable<int> FarRows(Table table) => range is not { } trained ? []
        : Days(table, Column, reader).Index().Where(one => one.Item is { } day && trained.IsFar(day))
            .Select(one => one.Index);

    public override void Write(Utf8JsonWriter json)
    {
        if (reader.DayFirst is { } first) json.WriteBoolean("dayFirst", first);
        if (parts.Contains(s_time[0])) json.WriteBoolean("timeOfDay", true);
        if (reader.IsClock) json.WriteBoolean("clock", true);
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
        // An encoder of before has neither.
        bool Is(string name) => json.TryGetProperty(name, out var said) && said.GetBoolean();
        bool clock = Is("clock");
        string[] parts = clock ? s_time : Is("timeOfDay") ? [.. s_date, .. s_time] : s_date;
        if (scales.Length != 2 * parts.Length || !Array.TrueForAll(scales, double.IsFinite)
            || scales.Where((_, i) => i % 2 == 1).Any(one => one <= 0) || !(median is >= 0 and < 3_652_059))
            throw new FormatException($"the scales of column '{Printable.Of(column, 40)}' are none");
        bool? dayFirst = json.TryGetProperty("dayFirst", out var first) ? first.GetBoolean() : null;
        return new(column, new(dayFirst, clock), parts, median, [.. scales.Where((_, i) => i % 2 == 0)],
            [.. scales.Where((_, i) => i % 2 == 1)], json.GetProperty("indicator").GetBoolean(),
            TrainingRange.Read(json));
    }

    static double?[] Days(Table table, string column, DateReader reader)
    {
        // A file of which the order is said may be written otherwise than the training file was.
        if (!reader.IsClock && table.Format.DayFirst is { } first) reader = new(first);
        string?[] texts = table.Texts(column);
        double?[] days = new double?[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (texts[i] is not { } text) continue;
            if (!reader.TryRead(text, out var date))
            {
                string what = reader.IsClock ? "time of day, such as 13:15" : "date" + reader.DayFirst switch
                {
                    true => " with the day first",
                    false => " with the month first",
                    _ => ", such as 2024-03-31",
                };
                CsvException.Refuse($"{table.Where(column, i)}: '{Printable.Of(text)}' is no {what}: correct it, "
                    + $"or {new CsvRemedy(CsvRemedyKind.MissingValues)}");
            }
            days[i] = date.Ticks / (double)TimeSpan.TicksPerDay;
        }
        return days;
    }

    static DateTime Day(double number) => new((long)(number * TimeSpan.TicksPerDay));

    static double[] Parts(double number, string[] parts)
    {
        var day = Day(number);
        double angle = 2 * Math.PI * day.TimeOfDay.TotalDays;
        double[] all = [day.Year, day.Month, ((int)day.DayOfWeek + 6) % 7 + 1, number, Math.Sin(angle),
            Math.Cos(angle)];
        return parts.Length == s_time.Length ? all[s_date.Length..] : all[..parts.Length];
    }
}
