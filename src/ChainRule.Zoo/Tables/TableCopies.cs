using System.Globalization;
using ChainRule.Data;

namespace ChainRule.Zoo.Tables;

/// <summary>Rows that are equal in every input and in the target. Where one is learned from and another tested with,
/// the test is too easy.</summary>
static class TableCopies
{
    /// <summary>A sentence, if test rows stand among the training rows too.</summary>
    public static IEnumerable<string> Warn(TableSource table, Split<int[]> rows)
    {
        int[] places = Places(table);
        var learned = rows.Train.Select(row => places[row]).ToHashSet();
        int both = rows.Test.Count(row => learned.Contains(places[row]));
        int copies = places.Length - places.Distinct().Count();
        if (both > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{copies:N0} of {places.Length:N0} rows repeat ")
                + "another one in every input and the target, and "
                + string.Create(CultureInfo.InvariantCulture, $"{both:N0} of {rows.Test.Length:N0} test rows ")
                + "stand among the training rows too, so that the test may be too easy: take out what was entered "
                + "twice, or keep rows that belong together in one part by --group";
    }

    // The same number for equal rows: rows that are equal in some columns are told apart by the next one.
    static int[] Places(TableSource table)
    {
        int[] places = new int[table.Table.Rows];
        foreach (string column in (string[])[table.Target, .. table.Inputs])
        {
            string?[] texts = table.Table.Texts(column);
            var seen = new Dictionary<(int, string), int>();
            for (int i = 0; i < places.Length; i++)
            {
                var key = (places[i], texts[i] ?? "");
                if (!seen.TryGetValue(key, out places[i])) seen[key] = places[i] = seen.Count;
            }
            if (seen.Count == places.Length) break;
        }
        return places;
    }
}
