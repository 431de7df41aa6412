using System.Text;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

/// <summary>What is wrong with a file is said in the words of whoever reads it.</summary>
public sealed class CsvExceptionTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    CsvException Refused(string text, Action<Table>? use = null, CsvOptions? options = null, Encoding? encoding = null)
    {
        string path = _folder.Write("t.csv", (encoding ?? Encoding.UTF8).GetBytes(text));
        var refused = Assert.ThrowsAny<InvalidDataException>(() =>
        {
            var table = Csv.Read(path, options);
            use?.Invoke(table);
        });
        var why = CsvException.Of(refused);
        Assert.NotNull(why);
        Assert.Equal(refused.Message, why.Message);
        return why;
    }

    [Fact]
    public void The_library_names_its_settings_and_another_surface_its_own()
    {
        var why = Refused("1,2\n3,4\n");
        Assert.Equal("csv 't.csv': line 1 should name the columns and holds '1', as a row does: if it is a row, read "
            + "the file with Header = false; if it does name them, with Header = true", why.Message);
        Assert.Equal("csv 't.csv': line 1 should name the columns and holds '1', as a row does: if it is a row, read "
            + "the file with --header false; if it does name them, with --header true",
            why.Say(remedy => $"--{remedy.Kind.ToString().ToLowerInvariant()} {remedy.Value}"));
        Assert.Null(CsvException.Of(new InvalidDataException("another")));
        Assert.Null(CsvException.Of(null));
    }

    /// <summary>Of whatever is wrong, what is left to do with the file itself names no setting.</summary>
    [Fact]
    public void Without_settings_the_file_itself_is_to_be_changed()
    {
        Table Profiled(Table table)
        {
            TableProfile.Of(table);
            return table;
        }
        void Fit(Table table) => TableEncoder.Fit(table).Encode(table);
        string numbers = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i * 7}.5\n"));
        CsvException[] all =
        [
            Refused("1,2\n3,4\n"),
            Refused("a,b\n1,2\na,b\n"),
            Refused("a,b\n"),
            Refused("a,a\n1,2\n"),
            Refused("a\n1,5\n2\n3\n4\n"),
            Refused("@relation x\n@data\n1,2\n"),
            Refused("a,b\nø,2\nå,3\n", encoding: Encoding.Latin1),
            Refused("a\n1,5\n2,5\n", table => table.Numbers("a"), new() { Separator = ';', DecimalMark = '.' }),
            Refused("price;n\n1.000;2\n2.500;3\n", table => table.Numbers("price")),
            Refused("a\nx\n", table => table.Numbers("a")),
            Refused("a\ninf\n", table => table.Numbers("a")),
            Refused("a\n12%\n", table => table.Numbers("a")),
            Refused($"a\n{numbers}oops\n", table => Profiled(table)),
            Refused("a;b\n1,234;x\n5,678;y\n", table => Profiled(table)),
            Refused("a\n3/4/2024\n5/6/2024\n", table => Profiled(table)),
            Refused("a\n1e39\n2\n", Fit),
            Refused("a,b\n1,2\n3,4\n", options: new() { MaxBytes = 3 }),
        ];
        string[] names = [.. typeof(CsvOptions).GetProperties().Select(property => property.Name), "Labels", "OneHot"];
        Assert.All(all, why =>
        {
            Assert.Contains(names, name => why.Message.Contains(name, StringComparison.Ordinal));
            string plain = why.Say(remedy => remedy.OfFile);
            Assert.DoesNotContain(names, name => plain.Contains(name, StringComparison.Ordinal));
            Assert.DoesNotContain("  ", plain, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Bytes_that_are_none_of_the_encoding_given_are_refused_by_its_name() =>
        Assert.Equal("csv 't.csv': after line 0 stand bytes that are no us-ascii: save the file as UTF-8, or give the "
            + "encoding that it has", Refused("a,b\nø,2\n", options: new()
            {
                Encoding = Encoding.GetEncoding("us-ascii", EncoderFallback.ExceptionFallback,
                    DecoderFallback.ExceptionFallback),
            }, encoding: Encoding.Latin1).Message);
}
