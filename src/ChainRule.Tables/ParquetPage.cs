namespace ChainRule.Tables;

/// <summary>The header of a page in a Parquet file: sizes, and where they are written. −1 is a size that cannot be.
/// </summary>
sealed class ParquetPage
{
    const int SecondVersion = 3, Dictionary = 2, RunLength = 3;

    // By structure and field; a page has each once.
    readonly Dictionary<(string Structure, int Field), (long Number, Range Place)> _found = [];

    byte[] _header = [];

    /// <summary>How many bytes the header has.</summary>
    public int Header => _header.Length;

    /// <summary>How many bytes the page is unpacked, with its levels.</summary>
    public int Unpacked => Whole("Page", 2);

    /// <summary>How many bytes of the file it has behind its header, with its levels.</summary>
    public int Packed => Whole("Page", 3);

    /// <summary>How many values it has, missing ones too.</summary>
    public int Values => Whole(Structure, 1);

    /// <summary>Whether it holds the words that other pages name by number.</summary>
    public bool IsDictionary => Kind == Dictionary;

    /// <summary>How many bytes of levels stand before what is packed, in pages of the second version.</summary>
    public int Levels { get; private set; }

    /// <summary>Whether it is packed by the column's method.</summary>
    public bool IsPacked => Kind != SecondVersion || Number("DataPage2", 7) != 0;

    /// <summary>Whether its values are runs, as booleans may be.</summary>
    public bool IsRuns => Kind is 0 or SecondVersion && Number(Structure, Encoding) == RunLength;

    /// <summary>Whether the levels stand unpacked before the values.</summary>
    public bool IsSecondVersion => Kind == SecondVersion;

    int Kind => Whole("Page", 1);

    string Structure => Kind == SecondVersion ? "DataPage2" : Kind == Dictionary ? "Dictionary" : "DataPage";

    int Encoding => Kind == SecondVersion ? 4 : 2;

    /// <summary>The page at the beginning of some bytes.</summary>
    /// <exception cref="InvalidDataException">The header contradicts itself.</exception>
    public static ParquetPage Read(ReadOnlySpan<byte> bytes)
    {
        var page = new ParquetPage();
        var reader = new ThriftReader(bytes);
        reader.Structure("Page", (structure, field, number, place) =>
            page._found[(structure, field)] = (number, place));
        if (page.Kind is not (0 or 1 or 2 or 3)) ParquetPages.Refuse();
        page._header = bytes[..reader.Position].ToArray();
        if (page.IsSecondVersion)
        {
            long repeats = page.Number("DataPage2", 6) ?? 0, levels = page.Number("DataPage2", 5) ?? 0;
            if (repeats < 0 || levels < 0 || repeats > int.MaxValue || levels > int.MaxValue - repeats)
                ParquetPages.Refuse();
            page.Levels = (int)(repeats + levels);
        }
        return page;
    }

    /// <summary>Writes the page as one that is not packed.</summary>
    /// <param name="to">Where it is written.</param>
    /// <param name="body">Its levels and values.</param>
    /// <param name="plain">Whether the values were runs and are plain now.</param>
    public void WriteUnpacked(MemoryStream to, ReadOnlySpan<byte> body, bool plain)
    {
        List<(Range Place, long Number)> changes =
            [(_found[("Page", 2)].Place, body.Length), (_found[("Page", 3)].Place, body.Length)];
        if (plain) changes.Add((_found[(Structure, Encoding)].Place, 0));
        int at = 0;
        foreach (var (place, number) in changes.OrderBy(change => change.Place.Start.Value))
        {
            to.Write(_header.AsSpan(at, place.Start.Value - at));
            for (ulong rest = (ulong)number << 1; ; rest >>= 7)
            {
                to.WriteByte((byte)(rest < 128 ? rest : rest & 127 | 128));
                if (rest < 128) break;
            }
            at = place.End.Value;
        }
        to.Write(_header.AsSpan(at));
        to.Write(body);
    }

    long? Number(string structure, int field) =>
        _found.TryGetValue((structure, field), out var one) ? one.Number : null;

    int Whole(string structure, int field) =>
        Number(structure, field) is { } number and >= 0 and <= int.MaxValue ? (int)number : -1;
}
