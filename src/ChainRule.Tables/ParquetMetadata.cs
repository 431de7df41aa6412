namespace ChainRule.Tables;

/// <summary>
/// The structures that Parquet's metadata are made of, as its specification has them: the library that reads them takes
/// each field for what it should be, whatever the file says that it is.
/// </summary>
static class ParquetMetadata
{
    // Of each structure its fields by number: i a whole number, b bytes, y one byte, t true or false, {X a structure,
    // [X a list.
    static readonly Dictionary<string, Dictionary<int, string>> s_structures = new()
    {
        ["File"] = Fields("1i 2[Schema 3i 4[Group 5[Pair 6b 7[Union 8{Union 9b"),
        ["Schema"] = Fields("1i 2i 3i 4b 5i 6i 7i 8i 9i 10{Logical"),
        ["Logical"] = Fields("1{Union 2{Union 3{Union 4{Union 5{Decimal 6{Union 7{Time 8{Time 10{Integer 11{Union "
            + "12{Union 13{Union 14{Union 15{Union 16{Variant 17{Geometry 18{Geometry"),
        ["Union"] = Fields("1{Encryption 2{Encryption 3{Encryption"),
        ["Encryption"] = Fields("1b 2b 3t"),
        ["Decimal"] = Fields("1i 2i"),
        ["Time"] = Fields("1t 2{Union"),
        ["Integer"] = Fields("1y 2t"),
        ["Variant"] = Fields("1y"),
        ["Geometry"] = Fields("1b 2i"),
        ["Group"] = Fields("1[Chunk 2i 3i 4[Sorting 5i 6i 7i"),
        ["Pair"] = Fields("1b 2b"),
        ["Sorting"] = Fields("1i 2t 3t"),
        ["Chunk"] = Fields("1b 2i 3{Column 4i 5i 6i 7i 8{Secret 9b"),
        ["Secret"] = Fields("1{Union 2{Key"),
        ["Key"] = Fields("1[b 2b"),
        ["Column"] = Fields("1i 2[i 3[b 4i 5i 6i 7i 8[Pair 9i 10i 11i 12{Statistics 13[Encoding 14i 15i 16{Sizes "
            + "17{Bounds"),
        ["Statistics"] = Fields("1b 2b 3i 4i 5b 6b 7t 8t"),
        ["Encoding"] = Fields("1i 2i 3i"),
        ["Sizes"] = Fields("1i 2[i 3[i"),
        ["Bounds"] = Fields("1{Box 2[i"),
        ["Box"] = Fields("1d 2d 3d 4d 5d 6d 7d 8d"),
        ["Page"] = Fields("1i 2i 3i 4i 5{DataPage 6{Union 7{Dictionary 8{DataPage2"),
        ["DataPage"] = Fields("1i 2i 3i 4i 5{Statistics"),
        ["Dictionary"] = Fields("1i 2i 3t"),
        ["DataPage2"] = Fields("1i 2i 3i 4i 5i 6i 7t 8{Statistics"),
    };

    /// <summary>What a field of a structure is; null if the specification has none of that number.</summary>
    public static string? Of(string? structure, int field) =>
        structure is not null && s_structures.TryGetValue(structure, out var fields)
            && fields.TryGetValue(field, out string? type) ? type : null;

    /// <summary>Whether a value of a kind of Thrift's is of a type.</summary>
    public static bool Fits(int kind, string? type) => type is null || type[0] switch
    {
        'i' => kind is 4 or 5 or 6,
        'b' => kind is 8,
        'y' => kind is 3,
        't' => kind is 1 or 2,
        'd' => kind is 7,
        '[' => kind is 9,
        _ => kind is 12,
    };

    static Dictionary<int, string> Fields(string text) => text.Split(' ').ToDictionary(
        field => int.Parse(field.AsSpan(0, field.AsSpan().IndexOfAnyExceptInRange('0', '9')),
            System.Globalization.CultureInfo.InvariantCulture),
        field => field.TrimStart("0123456789".ToCharArray()));
}
