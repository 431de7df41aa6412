using System.Globalization;
using ChainRule.Data;

namespace ChainRule.Tables;

/// <summary>A column of a table with the type that its fields have in common: one of the three is there.</summary>
sealed record TypedColumn(string Name, long?[]? Whole, double?[]? Numbers, string?[]? Texts)
{
    public Type Type => Whole is not null ? typeof(long) : Numbers is not null ? typeof(double) : typeof(string);

    public static TypedColumn[] Of(Table table) => [.. table.Columns.Select(name => Of(table, name))];

    static TypedColumn Of(Table table, string name)
    {
        string?[] texts = table.Texts(name);
        if (!table.IsNumeric(name) || Array.Exists(texts, IsCode)) return new(name, null, null, texts);
        long?[] whole = new long?[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (texts[i] is not { } text) continue;
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                return new(name, null, table.Numbers(name), null);
            whole[i] = number;
        }
        return new(name, whole, null, null);
    }

    // 007 is not 7.
    static bool IsCode(string? text) => text?.TrimStart('+', '-') is ['0', >= '0' and <= '9', ..];
}
