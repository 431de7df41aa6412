using System.Globalization;

namespace ChainRule.Data;

/// <summary>
/// Reads the dates of a column, of which some may be written in one way and some in another: 2024-03-31, 31.3.2024, 31
/// March 2024, with or without a time of day. Of 3/4/2024 nothing tells the day from the month: other rows of the
/// column do, or the user. With a clock, times of day such as 13:15.
/// </summary>
sealed class DateReader(bool? dayFirst, bool clock = false)
{
    // With an hour of the clock's halves, 3:04 PM; with the distance from UTC, by which times are made UTC.
    static readonly string[] s_times = ["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", "'T'H:mm", "'T'H:mm:ss",
        "'T'H:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt", " H:mm:sszzz", "'T'H:mm:ss.FFFFFFFzzz"];

    static readonly string[] s_clock = ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF", "h:mm tt", "h:mm:ss tt"];

    static readonly string[] s_plain = Formats(
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d.M.yy", "d MMM yyyy", "d MMMM yyyy", "MMM d, yyyy",
        "MMMM d, yyyy", "MMM d yyyy", "MMMM d yyyy", "d-MMM-yyyy", "d-MMM-yy");

    static readonly string[] s_dayFirst = Formats("d/M/yyyy", "d-M-yyyy", "d/M/yy", "d-M-yy"),
        s_monthFirst = Formats("M/d/yyyy", "M-d-yyyy", "M/d/yy", "M-d-yy");

    /// <summary>Whether the day stands before the month where both are numbers between slashes or dashes; null where no
    /// date of the column is written so.</summary>
    public bool? DayFirst => dayFirst;

    /// <summary>A date; false for a text that is none.</summary>
    public bool TryRead(string text, out DateTime date) => clock ? TryReadTime(text, out date) :
        TryRead(text, s_plain, out date) || dayFirst is { } first && TryRead(text, first ? s_dayFirst : s_monthFirst,
            out date);

    /// <summary>Whether the texts are times of day without a date, such as 13:15; they are read as those of the first
    /// day of the year 1.</summary>
    public bool IsClock => clock;

    /// <summary>Whether a text is a time of day without a date.</summary>
    public static bool IsTime(string text) => text.Length is >= 4 and <= 16 && TryReadTime(text, out _);

    /// <summary>Whether a text is a date, whichever of two numbers the day is.</summary>
    public static bool IsDate(string text) => text.Length is >= 6 and <= 40 && text.Count(char.IsAsciiDigit) >= 3
        && (TryRead(text, s_plain, out _) || TryRead(text, s_dayFirst, out _) || TryRead(text, s_monthFirst, out _));

    /// <summary>The reader of a column whose texts are all dates.</summary>
    /// <param name="where">Where the column stands: the error's sentence begins with it.</param>
    /// <param name="texts">Its dates.</param>
    /// <param name="dayFirst">What the user says; null to find out.</param>
    /// <exception cref="InvalidDataException">Nothing tells the day from the month, or some rows say the one and some
    /// the other.</exception>
    public static DateReader Of(string where, IReadOnlyCollection<string> texts, bool? dayFirst)
    {
        string[] open = [.. texts.Where(text => !TryRead(text, s_plain, out _))];
        if (open.Length == 0) return new(null);
        if (dayFirst is { } given) return new(given);
        string? notDay = Array.Find(open, text => !TryRead(text, s_dayFirst, out _)),
            notMonth = Array.Find(open, text => !TryRead(text, s_monthFirst, out _));
        if (notDay is null && notMonth is null)
            CsvException.Refuse($"{where}: '{Printable.Of(open[0])}' may have the day first or the month, and no row "
                + $"tells: read the file with {new CsvRemedy(CsvRemedyKind.DayFirst)}, or leave the column out");
        if (notDay is not null && notMonth is not null)
            Throw.Data($"{where}: '{Printable.Of(notMonth)}' has the day first and '{Printable.Of(notDay)}' the "
                + "month: write all dates in one way, such as 2024-03-31");
        return new(notMonth is not null);
    }

    static bool TryReadTime(string text, out DateTime time) => DateTime.TryParseExact(text, s_clock,
        CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite | DateTimeStyles.NoCurrentDateDefault, out time);

    static bool TryRead(string text, string[] formats, out DateTime date) =>
        DateTime.TryParseExact(text.EndsWith('Z') ? text.AsSpan(0, text.Length - 1) : text, formats,
            CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite | DateTimeStyles.AdjustToUniversal, out date);

    static string[] Formats(params string[] days) => [.. from day in days from time in s_times select day + time];
}
