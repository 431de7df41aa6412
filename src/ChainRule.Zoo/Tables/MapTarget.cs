using ChainRule.Data;

namespace ChainRule.Zoo.Tables;

/// <summary>What a column holds that is drawn on a map: classes, or numbers.</summary>
/// <param name="Known">The rows that have a value.</param>
/// <param name="Labels">The class of each of them; null where they are numbers.</param>
/// <param name="Classes">The names of the classes; empty where they are numbers.</param>
/// <param name="Numbers">The number of each of them; empty where they are classes.</param>
sealed record MapTarget(int[] Known, Ids? Labels, IReadOnlyList<string> Classes, IReadOnlyList<double> Numbers)
{
    const int MostClasses = 20;

    /// <exception cref="InvalidDataException">It is empty, or has more classes than can be shown.</exception>
    public static MapTarget Of(string name, Table table, string target)
    {
        string?[] texts = table.Texts(target);
        int[] known = [.. Enumerable.Range(0, texts.Length).Where(i => texts[i] is not null)];
        if (known.Length == 0)
            throw new InvalidDataException($"csv '{name}': the target '{Printable.Of(target, 40)}' is empty in all "
                + "rows: name another column");
        if (table.IsNumeric(target) && known.DistinctBy(i => texts[i]).Count() > MostClasses)
        {
            double?[] numbers = table.Numbers(target);
            return new(known, null, [], [.. known.Select(i => numbers[i]!.Value)]);
        }
        var (ids, names) = table.Take(known).Classes(target);
        return names.Count <= MostClasses ? new(known, ids, names, []) : throw new InvalidDataException(
            $"csv '{name}': the target '{Printable.Of(target, 40)}' has {names.Count:N0} classes, more than colours "
            + $"tell apart: name a column of at most {MostClasses}, or of numbers");
    }
}
