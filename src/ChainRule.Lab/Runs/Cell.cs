using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainRule.Lab.Runs;

/// <summary>A value in the table of runs: a number, a text, or nothing.</summary>
[JsonConverter(typeof(CellJson))]
public readonly record struct Cell(double Number, string? Text, bool IsEmpty = false)
{
    /// <summary>Nothing is known.</summary>
    public static Cell Empty => new(double.NaN, null, IsEmpty: true);

    /// <summary>Whether it is a number, which may be NaN.</summary>
    public bool IsNumber => Text is null && !IsEmpty;

    /// <summary>A number.</summary>
    public static Cell Of(double number) => new(number, null);

    /// <summary>A text.</summary>
    public static Cell Of(string text) => new(double.NaN, text);

    /// <summary>Numbers by size, then texts by their characters; what is NaN or nothing comes last.</summary>
    public static int Compare(Cell a, Cell b, bool descending)
    {
        int rank = Rank(a).CompareTo(Rank(b));
        if (rank != 0) return rank;
        int order = a.Text is { } text ? string.Compare(text, b.Text, StringComparison.OrdinalIgnoreCase)
            : Rank(a) == 0 ? a.Number.CompareTo(b.Number) : 0;
        return descending ? -order : order;
    }

    /// <summary>The number in the shortest form that reads back to it, or the text.</summary>
    public override string ToString() => Text ?? (IsEmpty ? "" : Number.ToString("R", CultureInfo.InvariantCulture));

    static int Rank(Cell one) => one.IsEmpty ? 3 : one.Text is not null ? 1 : double.IsNaN(one.Number) ? 2 : 0;
}

/// <summary>A number as a number, or as <c>"NaN"</c>, <c>"Infinity"</c>; a text as a text; nothing as null.</summary>
sealed class CellJson : JsonConverter<Cell>
{
    public override bool HandleNull => true;

    public override Cell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => Cell.Of(reader.GetDouble()),
            JsonTokenType.String => Cell.Of(reader.GetString()!),
            JsonTokenType.True => Cell.Of("true"),
            JsonTokenType.False => Cell.Of("false"),
            _ => Cell.Empty,
        };

    public override void Write(Utf8JsonWriter writer, Cell value, JsonSerializerOptions options)
    {
        if (value.IsEmpty) writer.WriteNullValue();
        else if (value.Text is { } text) writer.WriteStringValue(text);
        else if (double.IsFinite(value.Number)) writer.WriteNumberValue(value.Number);
        else writer.WriteStringValue(value.ToString());
    }
}
