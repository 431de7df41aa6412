using ChainRule.Errors;

namespace ChainRule.Data;

public sealed partial class Table
{
    /// <summary>The fields of a column as they are written; null where one is missing.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public string?[] Texts(string column)
    {
        var found = Find("texts", column, nameof(column));
        return [.. Enumerable.Range(0, Rows).Select(i => IsMissing(found, i) ? null : found[i])];
    }

    /// <summary>
    /// A column as categories, of the text as it is written. Their names are sorted, numbers by size and text by its
    /// Unicode numbers, and a name's place is its id; or the names are given, such as those of the training file.
    /// </summary>
    /// <param name="missing">The category of what is missing, such as "unknown"; null to refuse
    /// what is missing.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A row holds a category that is not among the names given,
    /// or misses one.</exception>
    public Categories Labels(string column, IReadOnlyList<string>? names = null, string? missing = null) =>
        Spelt(column, names, missing, text => text);

    Categories Spelt(string column, IReadOnlyList<string>? names, string? missing, Func<string, string> value)
    {
        var found = Find("labels", column, nameof(column));
        string[] texts = new string[Rows];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = found[i];
            if (!IsMissing(found, i))
            {
                texts[i] = value(texts[i]);
                continue;
            }
            if (missing is null)
            {
                string written = texts[i].Length == 0 ? "" : $"; if '{Printable.Of(texts[i])}' is a category here, "
                    + "read the file with MissingValues that do not name it";
                Throw.Data($"{_asked}: {Missed(found, i)}: complete it, leave such rows out with "
                    + $"Select(…).DropMissing(), or name a category for it{written}");
            }
            texts[i] = missing;
        }
        names ??= Names(texts);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < names.Count; id++)
        {
            if (names[id] is null)
                Throw.Argument($"labels: the name of category {id} is null: give each a name", nameof(names));
            if (!known.TryAdd(names[id], id))
                Throw.Argument($"labels: category '{Printable.Of(names[id])}' is named twice, as {known[names[id]]} "
                    + $"and as {id}: name it once", nameof(names));
        }
        int[] ids = new int[Rows];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!known.TryGetValue(texts[i], out ids[i]))
                Throw.Data($"{_asked}: {_row} {_lines[i]}, column '{Printable.Of(column)}': '{Printable.Of(texts[i])}' "
                    + $"is none of the categories {Printable.List([.. names])}: add it");
        }
        return new(Ids.From(ids), names);
    }

    /// <summary>
    /// A column as classes to predict: as <see cref="Labels"/> has it, and what is written in several
    /// ways is one class, called as most rows have it: Yes and yes where all are words of yes and no, 1
    /// and 1.0 where all are numbers.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="names">The classes, such as those of the training file; null to find them.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A row holds none of the classes given, or misses one.</exception>
    public Categories Classes(string column, IReadOnlyList<string>? names = null)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in ((IEnumerable<string?>?)names ?? Texts(column)).OfType<string>())
            counts[text] = counts.GetValueOrDefault(text) + 1;
        return Spelt(column, names, null, new Spellings(this, counts).Of);
    }

    /// <summary>
    /// A column as categories, a row of zeros with a single 1 for each: [rows, categories], float32, in the order
    /// of <see cref="Labels"/>.
    /// </summary>
    /// <inheritdoc cref="Labels" path="/param"/>
    /// <inheritdoc cref="Labels" path="/exception"/>
    public Tensor OneHot(string column, IReadOnlyList<string>? names = null, string? missing = null)
    {
        var (ids, found) = Labels(column, names, missing);
        return ChainRule.Tensor.OneHot(ids, found.Count);
    }

    string[] Names(string[] texts)
    {
        string[] names = [.. texts.Distinct(StringComparer.Ordinal)];
        Array.Sort(names, StringComparer.Ordinal);
        double[] numbers = new double[names.Length];
        for (int i = 0; i < names.Length; i++)
            if (!Column.TryNumber(names[i], _numbers, out numbers[i])) return names;
        // Numbers alike in size, such as 7 and 007, keep the order of their texts.
        return [.. names.Select((name, i) => (name, number: numbers[i])).OrderBy(one => one.number)
            .Select(one => one.name)];
    }
}
