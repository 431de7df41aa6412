using System.Globalization;
using System.Security.Cryptography;
using ChainRule.Data;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Small grey images in a CSV file, a row each, as UCI publishes its optical digits: the brightness of every pixel, row
/// by row from the top, and then the class. The largest number of the file to train with is white. A file beside it
/// with <c>tes</c> in the place of <c>tra</c>, or <c>test</c> in that of <c>train</c>, is the test part.
/// </summary>
static class CsvImages
{
    const string Wanted = "give rows of width × width numbers and then a class, as in optdigits.tra.csv";

    public static bool Is(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    public static ReadImages Read(string path, ImageOptions options)
    {
        var train = Table(path);
        string[] classes = [.. train.Labels(train.Columns[^1]).Names.Order(StringComparer.Ordinal)];
        int side = SideOf(path, train);
        double white = Numbers(train).Max();
        if (Numbers(train).Min() < 0 || white <= 0)
            throw new InvalidDataException($"images {Printable.Path(path)}: brightness from "
                + $"{Numbers(train).Min().ToString(CultureInfo.InvariantCulture)} to "
                + $"{white.ToString(CultureInfo.InvariantCulture)}: 0 is black, and the largest number white: "
                + Wanted);
        string? beside = TestPart(path);
        var test = beside is null ? null : Table(beside);
        if (test is not null && SideOf(beside!, test) != side)
            throw new InvalidDataException($"images {Printable.Path(beside!)}: it has {test.Columns.Count} columns, "
                + $"and {Printable.Path(path)} {train.Columns.Count}: give both the same");
        ImageFolder.CheckFits(Printable.Path(path), train.Rows, options.Channels ?? 1, options.Size ?? side);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in beside is null ? (string[])[path] : [path, beside])
            hash.AppendData(File.ReadAllBytes(file));
        ImageSet Part(string file, Table table) => Converted(file, table, side, white, classes)
            .With(options.Channels ?? 1, options.Size ?? side);
        return new(Printable.Of(Path.GetFileName(path), 80), Convert.ToHexStringLower(hash.GetHashAndReset()), classes,
            Part(path, train), null, test is null ? null : Part(beside!, test));
    }

    /// <summary>A first line of numbers is an image, and any other names the columns.</summary>
    static Table Table(string path)
    {
        bool named = false;
        using (var reader = new StreamReader(Files.OpenRead("images", path)))
        {
            char[] start = new char[32];
            string first = new string(start, 0, reader.ReadBlock(start)).Split([',', ';', '\t', '\n'])[0];
            named = !double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        }
        return Csv.Read(path, new() { Header = named });
    }

    static int SideOf(string path, Table table)
    {
        int pixels = table.Columns.Count - 1, side = (int)Math.Sqrt(pixels);
        if (side * side != pixels || side < 4 || table.Rows == 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"images {Printable.Path(path)}: {table.Rows:N0} rows of {table.Columns.Count} columns: {Wanted}, with "
                + $"a width of 4 or more"));
        return side;
    }

    static float[] Numbers(Table table) =>
        table.Tensor([.. table.Columns.Take(table.Columns.Count - 1)]).ToArray<float>();

    static ImageSet Converted(string path, Table table, int side, double white, string[] classes)
    {
        var (ids, names) = table.Labels(table.Columns[^1]);
        if (names.Except(classes).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"images {Printable.Path(path)}: class {Printable.Of(unknown)} has no "
                + "images to train with: take its rows out");
        byte[] pixels = [.. Numbers(table).Select(x => (byte)Math.Clamp(Math.Round(255 * x / white), 0, 255))];
        string shown = Printable.Of(Path.GetFileName(path), 80);
        return new(1, side, pixels, [.. ids.Span.ToArray().Select(id => Array.IndexOf(classes, names[id]))],
            [.. Enumerable.Range(0, table.Rows).Select(i => $"{shown}, row {i}")]);
    }

    static string? TestPart(string path)
    {
        string name = Path.GetFileName(path), folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var (train, test) in ((string, string)[])[("train", "test"), ("tra", "tes")])
        {
            string beside = Path.Combine(folder, name.Replace(train, test, StringComparison.Ordinal));
            if (Path.GetFileName(beside) != name && File.Exists(beside)) return beside;
        }
        return null;
    }
}
