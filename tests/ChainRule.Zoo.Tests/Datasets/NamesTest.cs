using System.Security.Cryptography;
using System.Text;
using ChainRule.Tests;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class NamesTest : IDisposable
{
    const string Ten = "ann\nbob\ncid\ndan\neve\nfay\ngil\nhal\nida\njon\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_prints_what_it_holds()
    {
        Assert.Equal("8,279 names (embedded) of 26 characters", Names.Embedded().ToString());
        foreach (string? path in (string?[])[null, "", " "])
            Assert.Equal($"names: {(path is null ? "path is null" : $"'{path}' is no path")}: give a text file with "
                + "one name a line",
                Assert.ThrowsAny<ArgumentException>(() => Names.FromFile(path!)).Message);
        Assert.Equal("text: path is null: give a UTF-8 text file",
            Assert.ThrowsAny<ArgumentException>(() => PlainText.FromFile(null!)).Message);
    }

    [Fact]
    public void Those_that_come_along_are_8279_in_the_letters_a_to_z()
    {
        var names = Names.Embedded();
        Assert.Equal(8279, names.All.Count);
        Assert.Equal(".abcdefghijklmnopqrstuvwxyz", names.Vocabulary.Characters);
        Assert.Equal(names.All.Count, names.All.Distinct().Count());
        Assert.Equal("embedded", names.Source);
    }

    [RealDataFact("names.txt")]
    public void The_published_names_are_split_as_the_lectures_split_them()
    {
        var names = Names.FromFile(RealData.PathOf("names.txt"));
        Assert.Equal(
            ["yuheng", "diondre", "xavien", "jori", "juanluis", "erandi", "phia", "samatha", "phoenix", "emmelynn",
                "hollan", "hollis"],
            names.All.Take(12));
        Assert.Equal("aa6ef27b585ff29ec7ac0ff6bcd7ee9859fe76a4561ac4a32f8ac030dddd3ec3",
            Hash(string.Join('\n', names.All)));
        var examples = names.Examples(3);
        Assert.Equal((182625, 22655, 22866), (examples.Train.Count, examples.Validation.Count, examples.Test.Count));
    }

    [Fact]
    public void A_name_becomes_windows_that_slide_from_boundary_to_boundary()
    {
        var names = Names.FromFile(_folder.Write("ten.txt", Ten));
        var train = names.Examples(3).Train;
        Assert.Equal(8 * 4, train.Count);
        int[] first = names.Vocabulary.Encode(names.All[0]);
        Assert.Equal([0, 0, 0, 0, 0, first[0], 0, first[0], first[1], first[0], first[1], first[2]],
            train.Inputs.Span[..12].ToArray());
        Assert.Equal([first[0], first[1], first[2], 0], train.Targets.Span[..4].ToArray());
    }

    [Fact]
    public void A_context_shorter_than_a_name_keeps_its_last_characters()
    {
        var names = Names.FromFile(_folder.Write("ten.txt", Ten));
        int[] first = names.Vocabulary.Encode(names.All[0]);
        Assert.Equal([0, first[0], first[1], first[2]], names.Examples(1).Train.Inputs.Span[..4].ToArray());
    }

    [Fact]
    public void Every_name_is_in_one_part_of_the_split()
    {
        var names = Names.FromFile(_folder.Write("ten.txt", Ten));
        var (train, validation, test) = names.Examples(3);
        Assert.Equal((32, 4, 4), (train.Count, validation.Count, test.Count));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\r\n\r")]
    [InlineData("\n\n  ")]
    [InlineData(" \t\n")]
    public void Line_ends_blank_lines_and_spaces_around_do_not_matter(string between)
    {
        var plain = Names.FromFile(_folder.Write("a.txt", Ten));
        var other =
            Names.FromFile(_folder.Write("b.txt", Ten.TrimEnd().Replace("\n", between, StringComparison.Ordinal)));
        Assert.Equal(plain.All, other.All);
    }

    [Fact]
    public void A_byte_order_mark_is_no_character()
    {
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Ten)];
        Assert.DoesNotContain('\uFEFF', Names.FromFile(_folder.Write("bom.txt", marked)).Vocabulary.Characters);
    }

    [Fact]
    public void Utf_16_is_read_by_its_mark_or_its_zeros()
    {
        var plain = Names.FromFile(_folder.Write("a.txt", Ten)).All;
        Assert.Equal(plain,
            Names.FromFile(_folder.Write("b.txt", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Ten)]))
                .All);
        Assert.Equal(plain, Names.FromFile(_folder.Write("c.txt", Encoding.BigEndianUnicode.GetBytes(Ten))).All);
    }

    [Fact]
    public void The_mark_of_a_names_end_is_a_dot_or_where_a_name_holds_one_no_character_that_a_name_could_hold()
    {
        var names = Names.FromFile(_folder.Write("a.txt", Ten + "St. John\n"));
        Assert.Equal('\n', names.Mark);
        Assert.Equal(0, names.Vocabulary.Encode("\n")[0]);
        Assert.True(names.Vocabulary.Contains('.') && names.All.Contains("St. John"));
        Assert.Equal('.', Names.FromFile(_folder.Write("b.txt", Ten)).Mark);
        Assert.Equal("*", Names.FromFile(_folder.PathOf("a.txt"), mark: '*').Vocabulary[0].ToString());
        Assert.Equal("names: 'St. John' of a.txt holds the mark '.', which is to stand at the end of a name: choose "
            + "another, or none",
            Assert.ThrowsAny<ArgumentException>(() => Names.FromFile(_folder.PathOf("a.txt"), mark: '.')).Message);
    }

    [Fact]
    public void A_character_beyond_ffff_is_one_of_a_name()
    {
        var names = Names.FromFile(_folder.Write("a.txt", string.Join('\n', Enumerable.Repeat("a🦊b", 10))));
        Assert.Equal((4, ".ab🦊"), (names.Vocabulary.Size, names.Vocabulary.Characters));
        Assert.Equal(8 * 4, names.Examples(2).Train.Count);
        Assert.Equal([1, 3, 2, 0], names.Examples(2).Train.Targets.Span[..4].ToArray());
        Assert.Equal([0, 1, 3, 2], names.Sequences(4).Test.Inputs.Span.ToArray());
        Assert.Equal(11,
            Names.FromFile(_folder.Write("b.txt", Ten + string.Concat(Enumerable.Repeat("🦊", 100)))).All.Count);
    }

    [Fact]
    public void Letters_of_other_tongues_spaces_and_apostrophes_are_characters_as_others_are()
    {
        var names = Names.FromFile(_folder.Write("a.txt", Ten + "Zoë\nO'Hara\nAnne Marie\nŁucja\n"));
        Assert.Equal(14, names.All.Count);
        Assert.True(names.Vocabulary.Contains('ë') && names.Vocabulary.Contains('\'') && names.Vocabulary.Contains(' ')
            && names.Vocabulary.Contains('Ł'));
    }

    [Fact]
    public void The_hash_tells_two_files_apart()
    {
        var one = Names.FromFile(_folder.Write("a.txt", Ten));
        Assert.Equal(Hash(Ten), one.Sha256);
        Assert.NotEqual(one.Sha256, Names.FromFile(_folder.Write("b.txt", Ten + "kim\n")).Sha256);
    }

    [Fact]
    public void What_is_no_file_is_one_sentence()
    {
        string gone = _folder.PathOf("gone.txt");
        Assert.Equal($"names: there is no file {gone}: give a text file with one name a line",
            Assert.Throws<FileNotFoundException>(() => Names.FromFile(gone)).Message);
        Assert.Equal($"names: {_folder.Path} is a folder: give a text file with one name a line",
            Assert.Throws<InvalidDataException>(() => Names.FromFile(_folder.Path)).Message);
    }

    [Fact]
    public void Too_few_names_are_one_sentence()
    {
        Refused("", "names: names.txt is empty: give a text file with one name a line");
        Refused("ann\n", "names: names.txt holds 1 name: give at least 10, for training, validation and test");
        Refused("\n \r\n", "names: names.txt holds 0 names: give at least 10, for training, validation and test");
        Refused("ann\nbob\n", "names: names.txt holds 2 names: give at least 10, for training, validation and test");
    }

    [Fact]
    public void A_line_that_is_no_name_is_one_sentence_with_its_number()
    {
        Refused("Mary\t7065\n" + Ten, "names: line 1 of names.txt holds a tab, as a table does ('Mary\\t7065'): give "
            + "the names alone, one a line");
        Refused(Ten + "k\u001b[31mim\n", "names: line 11 of names.txt holds the character '\\u001b', which no name "
            + "holds: give a UTF-8 text file with one name a line");
        Refused(Ten + "k\ufffdm\n", "names: line 11 of names.txt holds the character '\ufffd', which no name holds: "
            + "give a UTF-8 text file with one name a line");
        Refused(Ten + new string('a', 5000),
            "names: line 11 of names.txt has 5,000 characters, and a name has at most 100: give one name a line");
        Assert.Equal(11, Names.FromFile(_folder.Write("a.txt", Ten + new string('a', 100))).All.Count);
    }

    [Fact]
    public void A_file_that_is_no_text_is_one_sentence_whatever_its_first_line_is()
    {
        string path = _folder.PathOf("names.txt");
        Refused([0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13], $"names '{path}': the file is a PNG picture");
        Refused([.. "%PDF-1.4\n"u8, 0xE2, 0xE3, 0xCF, 0xD3, 0x0A],
            $"names '{path}': the file is a PDF document: save its table or text as plain text");
        Refused(Encoding.Latin1.GetBytes(Ten + "Zoë\n"), "names 'names.txt': line 11 holds bytes that are no UTF-8 (in "
            + "Windows-1252 they read 'Zoë'): save the file as UTF-8, such as with iconv -f WINDOWS-1252 -t UTF-8");
    }

    void Refused(string text, string says) => Refused(Encoding.UTF8.GetBytes(text), says);

    void Refused(byte[] bytes, string says)
    {
        string path = _folder.Write("names.txt", bytes);
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => Names.FromFile(path)).Message);
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_sequence_is_the_boundary_and_the_name_and_what_follows_each()
    {
        using var folder = new TemporaryFolder();
        var names = Names.FromFile(folder.Write("names.txt", string.Join('\n', Enumerable.Repeat("ba", 10))));
        var (train, validation, test) = names.Sequences(5);
        Assert.Equal((8, 1, 1), (train.Count, validation.Count, test.Count));
        Assert.Equal([0, 2, 1, 0, 0], test.Inputs.Span.ToArray());
        Assert.Equal([2, 1, 0, -1, -1], test.Targets.Span.ToArray());
        Assert.Equal([2, 1, 0], names.Sequences(3).Test.Targets.Span.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_long_name_goes_on_in_further_rows_and_each_character_is_predicted_once(int context)
    {
        using var folder = new TemporaryFolder();
        const string Long = "abcdefghijk";
        var names = Names.FromFile(folder.Write("names.txt", string.Join('\n', Enumerable.Repeat(Long, 10))));
        var (x, y) = (names.Sequences(context).Test.Inputs, names.Sequences(context).Test.Targets);
        List<int> predicted = [];
        for (int i = 0; i < y.Count; i++)
        {
            if (y[i] < 0) continue;
            predicted.Add(y[i]);
            Assert.Equal(x[i] + 1, y[i] == 0 ? 12 : y[i]);
            Assert.True(i < context || i % context >= context / 2); // half a row was read before
        }
        Assert.Equal([.. Enumerable.Range(1, 11), 0], predicted);
    }
}
