using System.Text;
using System.Text.Json;
using ChainRule.Data;

namespace ChainRule.Cli.Exporting.Source;

/// <summary>The columns of a table as a method that makes numbers of a row's texts.</summary>
static class SourceTable
{
    const string Known = """
            // The text of a column; null where it is missing.
            static string? Text(IReadOnlyDictionary<string, string?> row, string column) =>
                row.TryGetValue(column, out string? text) ? string.IsNullOrWhiteSpace(text) ? null : text.Trim()
                    : throw new ArgumentException($"the row has no column '{column}', which the model learned from: "
                        + (row.Count == 0 ? "it is empty"
                            : $"it has {string.Join(", ", row.Keys.Select(x => $"'{x}'"))}")
                        + "; where a value is missing, give null");

        """, Number = """
            // A number with a point; null where it is missing.
            static double? Number(string? text, string column, string unit) => text is null ? null
                : double.TryParse(unit.Length == 0 ? text : text.Replace(unit, ""),
                    NumberStyles.Float | NumberStyles.AllowThousands,
                    CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
                : throw new FormatException($"column '{column}': '{text}' is no number");

        """, Boolean = """
            // Yes or no; null where it is missing.
            static bool? Boolean(string? text, string column, string yes, string no)
            {
                bool Is(string word) => word.Equals(text, StringComparison.OrdinalIgnoreCase)
                    || double.TryParse(word, CultureInfo.InvariantCulture, out double a)
                        && double.TryParse(text, CultureInfo.InvariantCulture, out double b) && a == b;
                string[] usualYes = ["true", "yes", "y", "t", "on", "1"];
                string[] usualNo = ["false", "no", "n", "f", "off", "0"];
                return text is null ? null : Is(yes) ? true : Is(no) ? false
                    : usualYes.Contains(text.ToLowerInvariant()) ? true
                    : usualNo.Contains(text.ToLowerInvariant()) ? false
                    : throw new FormatException($"column '{column}': '{text}' is neither '{yes}' nor '{no}'");
            }

        """, Unknown = """
            // No row of training had this category, and none was rare enough to stand for others.
            static FormatException Unknown(string text, string column, string[] categories) =>
                new($"column '{column}': '{text}' is none of {string.Join(", ", categories.Take(8)
                    .Select(x => $"'{x}'"))}{(categories.Length > 8 ? " …" : "")}");

        """, Day = """
            // The number of a day, from 1 January of the year 1, with the time of day; null where it is missing.
            static double? Day(string? text, string column) => text is null ? null
                : DateTime.TryParseExact(text, ["yyyy-M-d", "yyyy-M-d H:mm", "yyyy-M-d H:mm:ss", "yyyy-M-d'T'H:mm",
                    "yyyy-M-d'T'H:mm:ss", "H:mm", "H:mm:ss"], CultureInfo.InvariantCulture,
                    DateTimeStyles.NoCurrentDateDefault, out var date) ? date.Ticks / (double)TimeSpan.TicksPerDay
                : throw new FormatException($"column '{column}': '{text}' is no date such as 2024-03-31, or time");

        """;

    /// <summary>The method <c>Encode</c> with what it calls.</summary>
    public static string Write(TableEncoder columns)
    {
        using var json = JsonDocument.Parse(columns.ToJson());
        var body = new StringBuilder();
        foreach (var column in json.RootElement.GetProperty("columns").EnumerateArray()) Column(body, column);
        string text = body.ToString();
        string used = Known + (text.Contains(" Number(", StringComparison.Ordinal) ? Number : "")
            + (text.Contains(" Boolean(", StringComparison.Ordinal) ? Boolean : "")
            + (text.Contains(" Unknown(", StringComparison.Ordinal) ? Unknown : "")
            + (text.Contains(" Day(", StringComparison.Ordinal) ? Day : "");
        return $$"""
                /// <summary>The columns that a row should have.</summary>
                public static readonly string[] Columns = {{SourceText.Quoted(columns.Inputs)}};

                /// <summary>A row's texts as the numbers that go into the network.</summary>
                static double[] Encode(IReadOnlyDictionary<string, string?> row)
                {
                    List<double> numbers = [];
            {{text}}        return numbers.ToArray();
                }

            {{used}}
            """;
    }

    static void Column(StringBuilder body, JsonElement json)
    {
        string column = SourceText.Quoted(json.GetProperty("column").GetString()!);
        body.Append("        {\n");
        switch (json.GetProperty("kind").GetString())
        {
            case "number":
                string unit = json.TryGetProperty("unit", out var written) ? written.GetString()! : "";
                Line($"double? x = Number(Text(row, {column}), {column}, {SourceText.Quoted(unit)});");
                Line($"numbers.Add(((x ?? {Of("median")}) - {Of("mean")}) / {Of("deviation")});");
                Missing("x is null");
                break;
            case "boolean":
                Line($"bool? x = Boolean(Text(row, {column}), {column}, {Word("yes")}, {Word("no")});");
                Line($"numbers.Add(x ?? {(json.GetProperty("usual").GetBoolean() ? "true" : "false")} ? 1 : 0);");
                Missing("x is null");
                break;
            case "date":
                Date(column);
                break;
            default:
                string[] categories = [.. json.GetProperty("categories").EnumerateArray().Select(x => x.GetString()!)];
                Line($"string? x = Text(row, {column});");
                Line($"string[] categories = {SourceText.Quoted(categories)};");
                Line("foreach (string category in categories) numbers.Add(x == category ? 1 : 0);");
                if (json.GetProperty("other").GetBoolean())
                    Line("numbers.Add(x is not null && !categories.Contains(x) ? 1 : 0);");
                else
                    Line($"if (x is not null && !categories.Contains(x)) throw Unknown(x, {column}, categories);");
                if (json.GetProperty("missing").GetBoolean()) Line("numbers.Add(x is null ? 1 : 0);");
                break;
        }
        body.Append("        }\n");

        void Line(string line) => body.Append("            ").Append(line).Append('\n');

        string Of(string name) => SourceText.Number(json.GetProperty(name).GetDouble());

        string Word(string name) => SourceText.Quoted(json.GetProperty(name).GetString()!);

        void Missing(string when)
        {
            if (json.GetProperty("indicator").GetBoolean()) Line($"numbers.Add({when} ? 1 : 0);");
        }

        void Date(string column)
        {
            bool clock = json.TryGetProperty("clock", out var said) && said.GetBoolean(),
                time = clock || json.TryGetProperty("timeOfDay", out var timed) && timed.GetBoolean();
            double[] scales = [.. json.GetProperty("scales").EnumerateArray().Select(one => one.GetDouble())];
            Line($"double? x = Day(Text(row, {column}), {column});");
            Line($"double number = x ?? {Of("median")};");
            Line("var day = new DateTime((long)(number * TimeSpan.TicksPerDay));");
            string[] parts = [.. clock ? (string[])[]
                : ["day.Year", "day.Month", "(((int)day.DayOfWeek + 6) % 7 + 1)", "number"],
                .. time ? (string[])["Math.Sin(2 * Math.PI * day.TimeOfDay.TotalDays)",
                    "Math.Cos(2 * Math.PI * day.TimeOfDay.TotalDays)"] : []];
            for (int i = 0; i < parts.Length; i++)
                Line($"numbers.Add(({parts[i]} - {SourceText.Number(scales[2 * i])}) / "
                    + $"{SourceText.Number(scales[2 * i + 1])});");
            Missing("x is null");
        }
    }
}
