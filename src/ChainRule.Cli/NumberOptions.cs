using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ChainRule.Cli;

/// <summary>Options that take a number within limits; anything else is an error that says which.</summary>
static class NumberOptions
{
    /// <summary>A finite number not below a least one.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T least) where T : struct, INumber<T> =>
        option.Within(least, _ => true, Range(least));

    /// <summary>A finite number not below a least one, or none.</summary>
    public static Option<T?> AtLeast<T>(this Option<T?> option, T least) where T : struct, INumber<T> =>
        option.Within(least, _ => true, Range(least));

    /// <summary>A whole number from one to another.</summary>
    public static Option<int> Between(this Option<int> option, int least, int most) =>
        option.Within(least, number => number <= most, Whole(least, most));

    /// <summary>A whole number from one to another, or none.</summary>
    public static Option<int?> Between(this Option<int?> option, int least, int most) =>
        option.Within(least, number => number <= most, Whole(least, most));

    /// <summary>The end of a refusal of a number with a decimal comma; empty for anything else.</summary>
    public static string CommaRemark(string text) =>
        text.Count(',') == 1
        && double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? ": write it with a decimal point" : "";

    static Option<T> Within<T>(this Option<T> option, T least, Func<T, bool> fits, string range)
        where T : struct, INumber<T>
    {
        option.CustomParser = r => Read(option, r, least, fits, range) ?? least;
        return option;
    }

    static Option<T?> Within<T>(this Option<T?> option, T least, Func<T, bool> fits, string range)
        where T : struct, INumber<T>
    {
        option.CustomParser = r => Read(option, r, least, fits, range);
        return option;
    }

    static T? Read<T>(Option option, ArgumentResult r, T least, Func<T, bool> fits, string range)
        where T : struct, INumber<T>
    {
        string text = r.Tokens[0].Value;
        // No thousands: 1,5 is half of Europe's one and a half, and would be taken for 15.
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least
            && T.IsFinite(number) && fits(number)) return number;
        r.AddError(Refusal<T>(option, text, range));
        return null;
    }

    static string Refusal<T>(Option option, string text, string range) where T : INumber<T> =>
        $"{option.Name} {Printable.Of(text)}: give a {range}{(IsWhole<T>() ? "" : CommaRemark(text))}";

    static string Range<T>(T least) where T : INumber<T> =>
        !IsWhole<T>() ? string.Create(CultureInfo.InvariantCulture, $"number of {least} or more")
            : Whole(least, least is ulong ? ulong.MaxValue : (ulong)int.MaxValue);

    // Half of one is 0 for whole numbers alone.
    static bool IsWhole<T>() where T : INumber<T> => T.IsInteger(T.One / (T.One + T.One));

    static string Whole<T, TMost>(T least, TMost most) where T : INumber<T> where TMost : INumber<TMost> =>
        string.Create(CultureInfo.InvariantCulture, $"whole number from {least} to {most:N0}");
}
