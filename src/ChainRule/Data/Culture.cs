namespace ChainRule.Data;

/// <summary>How numbers and dates are written where: the marks of Unicode's CLDR for the languages of many tables.
/// Programs here are built without a library of cultures.</summary>
static class Culture
{
    // Language or country, decimal mark, mark of thousands, whether the day stands before the month.
    static readonly (string[] Names, char Decimal, char Thousands, bool DayFirst)[] s_known =
    [
        (["en", "en-us", "en-ph"], '.', ',', false),
        (
            ["en-gb", "en-au", "en-ie", "en-in", "en-nz", "en-ca", "es-mx", "es-us", "es-pr", "he", "th", "hi", "bn",
            "ms"],
            '.', ',', true
        ),
        (["ja", "zh", "ko"], '.', ',', false),
        (["de-ch", "it-ch", "de-li", "rm"], '.', '\'', true),
        (
            ["de", "es", "it", "nl", "da", "tr", "el", "id", "ro", "hr", "sl", "sr", "ca", "is", "vi", "pt-br"],
            ',', '.', true
        ),
        (
            ["fr", "sv", "nb", "nn", "no", "fi", "pl", "cs", "sk", "hu", "bg", "ru", "uk", "pt", "et", "lv", "lt"],
            ',', ' ', true
        ),
    ];

    public static CsvOptions Of(string culture)
    {
        Throw.IfNull(culture, "culture");
        string name = culture.Trim().ToLowerInvariant().Replace('_', '-'), language = name.Split('-')[0];
        foreach (string one in new[] { name, language })
        {
            foreach (var (names, mark, thousands, dayFirst) in s_known)
            {
                if (names.Contains(one, StringComparer.Ordinal))
                    return new() { DecimalMark = mark, ThousandsMark = thousands, DayFirst = dayFirst };
            }
        }
        CsvException.RefuseArgument($"culture '{Printable.Of(culture, 40)}': it is none of {Printable.List(
            [.. s_known.SelectMany(one => one.Names)], 60)}: {new CsvRemedy(CsvRemedyKind.Culture)}", nameof(culture));
        return null;
    }
}
