using System.Text.Json;

namespace ChainRule.Data;

/// <summary>1 for yes and 0 for no, the more frequent of them in place of a missing one, and a second column, 1 where
/// it was missing, if training rows lack it.</summary>
sealed class BooleanEncoding(string column, string no, string yes, bool usual, bool indicator)
    : ColumnEncoding(column)
{
    public override ColumnKind Kind => ColumnKind.Boolean;

    public override string[] Names => indicator ? [Column, $"{Column} is missing"] : [Column];

    public override string Says => $"'{Printable.Of(yes, 20)}' is 1, all else 0"
        + (indicator ? $"; missing ones become {(usual ? 1 : 0)}, the more frequent, with an indicator" : "");

    public static BooleanEncoding Fit(ColumnProfile profile)
    {
        var (no, yes) = profile.Booleans;
        int Count(string word) =>
            profile.Counts.Where(value => value.Key.Equals(word, StringComparison.OrdinalIgnoreCase))
            .Sum(value => value.Value);
        return new(profile.Name, no, yes, Count(yes) > Count(no), profile.Missing > 0);
    }

    public override void Encode(Table table, Span<double> matrix, int width, int at)
    {
        string?[] texts = table.Texts(Column);
        for (int i = 0; i < texts.Length; i++)
        {
            bool? value = Value(table, texts[i]);
            matrix[i * width + at] = value ?? usual ? 1 : 0;
            if (indicator) matrix[i * width + at + 1] = value is null ? 1 : 0;
        }
    }

    public override IEnumerable<string> Remarks(Table table)
    {
        string?[] texts = table.Texts(Column);
        string taken = $"{(usual ? 1 : 0)}, the more frequent in training, is taken";
        foreach (string remark in Lacking(table, taken)) yield return remark;
        int row = Array.FindIndex(texts, text => text is not null && Value(table, text) is null);
        if (row >= 0)
            yield return $"{table.Where(Column, row)}: '{Printable.Of(texts[row])}' is neither "
                + $"'{Printable.Of(no, 20)}' nor '{Printable.Of(yes, 20)}': {taken}";
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteString("no", no);
        json.WriteString("yes", yes);
        json.WriteBoolean("usual", usual);
        json.WriteBoolean("indicator", indicator);
    }

    public static BooleanEncoding Read(string column, JsonElement json)
    {
        string Word(string name) =>
            json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");
        return new(column, Word("no"), Word("yes"), json.GetProperty("usual").GetBoolean(),
            json.GetProperty("indicator").GetBoolean());
    }

    // As text in any case, or as the same number, such as 1.0; or as another usual word of yes and no.
    bool? Value(Table table, string? text)
    {
        bool Is(string word) => word.Equals(text, StringComparison.OrdinalIgnoreCase)
            || table.TryNumber(word, out double one) && table.TryNumber(text!, out double other) && one == other;
        return text is null ? null : Is(yes) ? true : Is(no) ? false : ColumnProfile.YesOrNo(text);
    }
}
