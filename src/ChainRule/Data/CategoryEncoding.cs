using System.Text.Json;

namespace ChainRule.Data;

/// <summary>
/// One-hot: a column for each frequent category, 1 where the row has it. Rare categories share a column "other", and so
/// does what was never seen, which is all zeros if no category was rare. Missing fields have a column of their own, if
/// training rows lack some.
/// </summary>
sealed class CategoryEncoding(string column, string[] categories, bool other, bool missing) : ColumnEncoding(column)
{
    readonly Dictionary<string, int> _places = categories.Select((name, i) => (name, i))
        .ToDictionary(one => one.name, one => one.i, StringComparer.Ordinal);

    public override ColumnKind Kind => ColumnKind.Category;

    public override string[] Names =>
    [
        .. categories.Select(name => $"{Column} = {name}"), .. other ? [$"{Column} = other"] : Array.Empty<string>(),
        .. missing ? [$"{Column} is missing"] : Array.Empty<string>(),
    ];

    public override string Says => $"one-hot, {categories.Length} categories"
        + (other ? " and one for rare and unknown ones" : "") + (missing ? ", missing ones apart" : "");

    public static CategoryEncoding Fit(ColumnProfile profile, int maxCategories)
    {
        // Fewer rows teach nothing about a category: half a percent, between 2 rows and 10.
        int least = Math.Clamp(profile.Rows / 200, 2, 10);
        KeyValuePair<string, int>[] frequent =
        [
            .. profile.Counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal)
            .Take(maxCategories)
        ];
        string[] kept = [.. frequent.Where(one => one.Value >= least).Select(one => one.Key)];
        if (kept.Length == 0) kept = [.. frequent.Select(one => one.Key)];
        return new(profile.Name, [.. kept.Order(StringComparer.Ordinal)], kept.Length < profile.Distinct,
            profile.Missing > 0);
    }

    public override void Encode(Table table, Span<double> matrix, int width, int at)
    {
        string?[] texts = table.Texts(Column);
        for (int i = 0; i < texts.Length; i++)
        {
            var row = matrix.Slice(i * width + at, categories.Length + (other ? 1 : 0) + (missing ? 1 : 0));
            row.Clear();
            if (texts[i] is not { } text)
            {
                if (missing) row[^1] = 1;
            }
            else if (_places.TryGetValue(text, out int place)) row[place] = 1;
            else if (other) row[categories.Length] = 1;
        }
    }

    public override IEnumerable<string> Remarks(Table table)
    {
        if (!missing)
            foreach (string remark in Lacking(table, "no row lacked one in training, and none of its columns is 1"))
                yield return remark;
        string[] unknown = [.. table.Texts(Column).OfType<string>().Where(text => !_places.ContainsKey(text))
            .Distinct(StringComparer.Ordinal)];
        if (unknown.Length > 0)
            yield return $"column '{Printable.Of(Column, 40)}': {Printable.List(unknown, 5)} "
                + $"{(unknown.Length == 1 ? "was" : "were")} rare in training or never "
            + $"seen: {(other ? "taken as other" : "none of its columns is 1")}";
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("categories");
        foreach (string name in categories) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteBoolean("other", other);
        json.WriteBoolean("missing", missing);
    }

    public static CategoryEncoding Read(string column, JsonElement json)
    {
        string[] names = [.. json.GetProperty("categories").EnumerateArray()
            .Select(name => name.GetString() ?? throw new FormatException("a category is null"))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            throw new FormatException($"column '{Printable.Of(column, 40)}' has a category twice");
        return new(column, names, json.GetProperty("other").GetBoolean(), json.GetProperty("missing").GetBoolean());
    }
}
