using System.Globalization;
using System.IO.Compression;
using System.Text;
using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Tests.Data;

public sealed class CsvFileTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static string Text(int rows, string end = "\n")
    {
        var text = new StringBuilder("size,city,\"note, long\",day,price" + end);
        var rng = new Random(3);
        string[] cities = ["Oslo", "Köln", "東京", "🦊"];
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i % 17 == 0 ? "" : rng.NextDouble() * 100)},{cities[i % 4]},")
                .Append(i % 5 == 0 ? $"\"a \"\"quote\"\"{end}and {i}\"" : "plain")
                .Append(CultureInfo.InvariantCulture, $", 2024-0{1 + i % 9}-11 ,{rng.Next(1000)}{end}")
                .Append(i % 7 == 0 ? $"  {end}" : "");
        return text.ToString();
    }

    static void Same(Table expected, Table got)
    {
        Assert.Equal(expected.Rows, got.Rows);
        Assert.Equal(expected.Columns, got.Columns);
        foreach (string column in expected.Columns)
        {
            Assert.Equal(expected.Texts(column), got.Texts(column));
            for (int i = 0; i < expected.Rows; i++)
                Assert.Equal(expected.Where(column, i), got.Where(column, i));
        }
        Assert.Equal(expected.Format.ToString(), got.Format.ToString());
    }

    [Theory]
    [InlineData("utf-8", "\n")]
    [InlineData("utf-8", "\r\n")]
    [InlineData("utf-8 with its mark", "\r")]
    [InlineData("utf-16", "\r\n")]
    [InlineData("utf-32", "\n")]
    public void Any_rows_in_any_order_are_those_of_the_table_in_memory(string encoding, string end)
    {
        Encoding written = encoding switch
        {
            "utf-16" => Encoding.Unicode,
            "utf-32" => Encoding.UTF32,
            "utf-8" => new UTF8Encoding(false),
            _ => new UTF8Encoding(true),
        };
        string path = _folder.PathOf("t.csv");
        // Longer than any buffer, so that rows and characters lie over the ends of several.
        File.WriteAllText(path, Text(2003, end), written);
        var table = Csv.Read(path);
        using var file = CsvFile.Open(path);
        Assert.Equal(table.Rows, file.Rows);
        int[] order = new int[table.Rows], all = [.. Enumerable.Range(0, table.Rows)];
        new TorchRandom(1).Permutation(order);
        Same(table.Take(order), file.Take(order));
        Same(table, file.Take(all));
        Same(table.Take([5, 5, 4, 7, 8, 2002]), file.Take([5, 5, 4, 7, 8, 2002]));
        Assert.Equal(table.Texts("price"), file.Pieces(100).SelectMany(piece => piece.Texts("price")));
        Assert.Equal(21, file.Pieces(100).Count());
    }

    [Fact]
    public void Batches_of_a_file_have_the_bits_of_batches_in_memory()
    {
        string path = _folder.Write("t.csv", Text(500));
        var table = Csv.Read(path);
        using var file = CsvFile.Open(path);
        var encoder = TableEncoder.Fit(table, ["size", "city", "day"]);
        var (train, _, _) = Split.Rows(file.Rows, 0.8, 0.0, seed: 1);
        var kept = table.Take(train);
        Assert.Equal(encoder.Encode(table).ToArray<float>(), TableEncoder.Fit(file.Sample(1000, 1), ["size", "city",
            "day"]).Encode(table).ToArray<float>());
        var memory = Batches.Shuffled(Dataset.From(encoder.Encode(kept), kept.Tensor("price")), 16, seed: 5);
        var rows = file.Select(some => new Batch<Tensor, Tensor>(encoder.Encode(some), some.Tensor("price")), train);
        Assert.Equal(train.Length, rows.Count);
        var files = Batches.Shuffled(rows, 16, seed: 5);
        byte[] state = [];
        for (int i = 0; i < 2 * memory.PerEpoch + 1; i++)
        {
            if (i == 30) state = files.SaveState();
            var (expected, got) = (memory.Next(), files.Next());
            Assert.Equal(expected.Inputs.ToArray<float>(), got.Inputs.ToArray<float>());
            Assert.Equal(expected.Targets.ToArray<float>(), got.Targets.ToArray<float>());
        }
        memory.RestoreState(state);
        files.RestoreState(state);
        Assert.Equal(memory.Next().Inputs.ToArray<float>(), files.Next().Inputs.ToArray<float>());
        var ordered = Batches.InOrder(rows, 100).SelectMany(batch => batch.Targets.ToArray<float>());
        Assert.Equal(kept.Tensor("price").ToArray<float>(), ordered);
        var drawn = Batches.Random(rows, 16, new TorchRandom(2)).Next();
        Assert.Equal(16, drawn.Inputs.Shape[0]);
    }

    [Theory]
    [InlineData("a;b\n1.000;2\n3.500;x\n1,5;y\n", null)]
    [InlineData("a;b\n1.000;2\n3.500;x\n", null)]
    [InlineData("sep=;\na;b\n1,5;y\n", null)]
    [InlineData("note\nanother\na|b\n1.5|x\n", 2)]
    [InlineData("a b\n1 2\n  3\t4\n", null)]
    [InlineData("a\tb\n1\t\n\t\n", null)]
    public void The_format_that_is_found_is_that_of_the_table_in_memory(string text, int? skip)
    {
        string path = _folder.Write("t.csv", text);
        var options = new CsvOptions { SkipLines = skip ?? 0 };
        var table = Csv.Read(path, options);
        using var file = CsvFile.Open(path, options);
        Same(table, file.Take([.. Enumerable.Range(0, file.Rows)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n")]
    [InlineData("a,b\n1,2\n3\n")]
    [InlineData("a,b\n1,2\n\"3,4\n")]
    [InlineData("1,2\n3,4\n")]
    [InlineData("a,a\n3,4\n")]
    [InlineData("a,b\n1,2\na,b\n")]
    public void What_is_refused_in_memory_is_refused_with_the_same_sentence(string text)
    {
        string path = _folder.Write("t.csv", text);
        string expected = Assert.ThrowsAny<Exception>(() => Csv.Read(path)).Message;
        Assert.Equal(expected, Assert.ThrowsAny<Exception>(() => CsvFile.Open(path)).Message);
    }

    [Fact]
    public void What_cannot_be_read_again_by_its_place_is_refused()
    {
        string zipped = _folder.PathOf("t.csv.gz");
        using (var gzip = new GZipStream(File.Create(zipped), CompressionMode.Compress)) gzip.Write("a,b\n1,2\n"u8);
        Assert.Equal("csv 't.csv.gz': it is gzipped, and rows cannot be found in it again: unpack it, such as with "
            + "gunzip, or say by unpackIn in which folder it is unpacked as long as it is open",
            Assert.Throws<InvalidDataException>(() => CsvFile.Open(zipped)).Message);
        string path = _folder.Write("t.csv", "a,b\n1,2\n");
        using var file = CsvFile.Open(path);
        Assert.Equal("take of csv 't.csv': row 1: rows run from 0 to 0",
            Assert.ThrowsAny<ArgumentException>(() => file.Take([1])).Message);
    }

    [Fact]
    public void A_gzipped_file_is_unpacked_where_it_is_said_and_what_was_unpacked_is_deleted()
    {
        string zipped = _folder.PathOf("t.csv.gz"), room = _folder.PathOf("room");
        Directory.CreateDirectory(room);
        string text = "a,b\n" + string.Concat(Enumerable.Range(0, 9000).Select(i => $"{i},{i % 7}\n"));
        using (var gzip = new GZipStream(File.Create(zipped), CompressionMode.Compress))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        using (var file = CsvFile.Open(zipped, unpackIn: room))
        {
            Assert.Single(Directory.GetFiles(room));
            Same(Csv.Read(zipped), file.Take([.. Enumerable.Range(0, file.Rows)]));
        }
        Assert.Empty(Directory.GetFiles(room));
        // Nothing is unpacked of a plain file, and nothing is left of what is refused.
        string plain = _folder.Write("plain.csv", "a,b\n1,2\n");
        using (CsvFile.Open(plain, unpackIn: room)) Assert.Empty(Directory.GetFiles(room));
        byte[] bytes = File.ReadAllBytes(zipped);
        File.WriteAllBytes(zipped, bytes[..^40]);
        Assert.Equal("csv 't.csv.gz': the gzip around it is damaged: fetch the file again",
            Assert.Throws<InvalidDataException>(() => CsvFile.Open(zipped, unpackIn: room)).Message);
        using (var gzip = new GZipStream(File.Create(zipped), CompressionMode.Compress)) gzip.Write("a,b\n1\n"u8);
        Assert.StartsWith("csv 't.csv.gz': line 2 has 1 field",
            Assert.ThrowsAny<InvalidDataException>(() => CsvFile.Open(zipped, unpackIn: room)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(room));
        string nowhere = _folder.PathOf("nowhere");
        Assert.Contains($"there is no folder '{nowhere}': make it first",
            Assert.Throws<DirectoryNotFoundException>(() => CsvFile.Open(zipped, unpackIn: nowhere)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_lack_something_are_dropped_as_of_the_table_in_memory()
    {
        string path = _folder.Write("t.csv", "a,b,c\n" + string.Concat(Enumerable.Range(0, 100).Select(i =>
            $"{i},{(i % 3 == 0 ? "NA" : "x")},{(i % 7 == 0 ? "" : $"{i}.5")}\n")));
        var options = new CsvOptions { Missing = Missing.Drop };
        var table = Csv.Read(path, options);
        using var file = CsvFile.Open(path, options);
        Assert.True(file.Rows < 70);
        Same(table, file.Take([.. Enumerable.Range(0, file.Rows)]));
        Same(table.Take([40, 3, 3, 12]), file.Take([40, 3, 3, 12]));
        Assert.Equal(file.Rows, file.Pieces(7).Sum(piece => piece.Rows));
        _folder.Write("none.csv", "a,b\n1,\n,2\n,3\n");
        Assert.Equal(Assert.Throws<InvalidDataException>(() => Csv.Read(_folder.PathOf("none.csv"), options)).Message,
            Assert.Throws<InvalidDataException>(() => CsvFile.Open(_folder.PathOf("none.csv"), options)).Message);
    }

    [Fact]
    public void A_file_that_changes_while_it_is_open_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        string path = _folder.Write("t.csv", "a,b\n1,2\n3,4\n5,6\n");
        using var file = CsvFile.Open(path);
        using (var shell = System.Diagnostics.Process.Start("sh", ["-c", $"printf 'a,b\n1,2\n3;4\n5,6\n' > {path}"]))
            shell.WaitForExit();
        Assert.Equal("1", file.Take([0]).Texts("a")[0]);
        Assert.Equal("csv 't.csv': row 1 is not what it was when the file was opened: leave the file alone while it is "
            + "read, and open it again", Assert.Throws<InvalidDataException>(() => file.Take([1])).Message);
        using (var shell = System.Diagnostics.Process.Start("sh", ["-c", $"printf 'a' > {path}"])) shell.WaitForExit();
        Assert.Equal("csv 't.csv': it is not what it was when the file was opened: leave the file alone while it is "
            + "read, and open it again", Assert.Throws<InvalidDataException>(() => file.Take([0])).Message);
        file.Dispose();
        Assert.Equal("csv 't.csv': the file was closed: open it again, and close it after training",
            Assert.Throws<InvalidOperationException>(() => file.Take([0])).Message);
    }
}
