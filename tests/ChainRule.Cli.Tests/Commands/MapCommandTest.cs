using System.Globalization;
using System.Text.RegularExpressions;
using ChainRule.Randomness;
using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

public sealed partial class MapCommandTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, ["map", .. args]);

    [Theory]
    [InlineData()]
    [InlineData("--toroidal", "--grid", "rectangular")]
    [InlineData("--online", "--epochs", "30", "--learning-rate", "0.3")]
    public void The_map_of_a_table_finds_the_classes_that_it_does_not_see(params string[] options)
    {
        _folder.Write("clusters.csv", Clusters());
        var ended = Run(["clusters.csv", "--target", "kind", "--seed", "3", "--out", "made", .. options]).Well();
        var (before, after) = Errors(ended, "quantisation error");
        Assert.True(after < 0.7 * before, ended.Output);
        var (tornBefore, tornAfter) = Errors(ended, "topographic error");
        Assert.True(tornAfter < 0.5 * tornBefore, ended.Output);
        Assert.Contains(ended.Lines, line => line.StartsWith("classes: 100.0 % of the rows", StringComparison.Ordinal));
        string page = File.ReadAllText(_folder.PathOf("made/map.html"));
        foreach (string title in (string[])["U-matrix", "Rows of each unit", "&#39;kind&#39; on the map",
            "Component planes", "Quantisation error"])
            Assert.Contains(title, page, StringComparison.Ordinal);
        string[] rows = File.ReadAllLines(_folder.PathOf("made/rows.csv"));
        Assert.Equal((151, "row,unit row,unit column"), (rows.Length, rows[0]));
        Assert.Equal(page, Again());

        string Again()
        {
            Run(["clusters.csv", "--target", "kind", "--seed", "3", "--out", "again", .. options]).Well();
            return File.ReadAllText(_folder.PathOf("again/map.html"));
        }
    }

    /// <summary>Fisher's flowers and the cells of breast tumours, where the shared data are at hand.</summary>
    [RealDataTheory("iris.csv")]
    [InlineData("iris.csv", "4", 0.94)]
    [InlineData("breast_cancer.csv", "30", 0.94)]
    public void Known_tables_are_told_apart(string file, string target, double purity)
    {
        var ended = Run(RealData.PathOf(file), "--skip-lines", "1", "--header", "false", "--target", target, "--out",
            "made").Well();
        var (before, after) = Errors(ended, "quantisation error");
        Assert.True(after < 0.5 * before, ended.Output);
        var (_, torn) = Errors(ended, "topographic error");
        Assert.InRange(torn, 0, 0.15);
        Assert.InRange(Number(PurityLine().Match(ended.Output).Groups[1].Value) / 100, purity, 1);
    }

    [Fact]
    public void A_target_of_numbers_is_averaged_and_a_table_may_have_none()
    {
        _folder.Write("t.csv", "a,b,price\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i % 7},{i % 5 + 0.5},{1000.5 + 3 * i}\n"))));
        Run("t.csv", "--target", "price", "--rows", "3", "--columns", "4", "--out", "one").Well();
        Assert.Contains("Mean &#39;price&#39;", File.ReadAllText(_folder.PathOf("one/map.html")),
            StringComparison.Ordinal);
        var without = Run("t.csv", "--out", "two").Well();
        Assert.DoesNotContain(without.Lines, line => line.StartsWith("classes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_of_codes_is_taken_as_categories_if_asked()
    {
        _folder.Write("t.csv", "code;x\n" + string.Concat(Enumerable.Range(0, 40).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i % 4};{i % 7},5\n"))));
        string Columns(params string[] more) => Run(["t.csv", "--culture", "de", "--rows", "3", "--columns", "3",
            "--out", $"m{more.Length}", .. more]).Well().Lines[0];
        Assert.Contains("40 rows, 2 numbers of each", Columns(), StringComparison.Ordinal);
        Assert.Contains("40 rows, 5 numbers of each", Columns("--categories", "code"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_mapped_is_refused_in_a_sentence()
    {
        _folder.Write("t.csv", "a,b\n1,2\n3,4\n5,7\n");
        Assert.Equal("map: target 'price': the table has no such column: there are a, b",
            Run("t.csv", "--target", "price").Refused(1));
        Assert.Equal("map: ignore 'bb': the table has no such column: did you mean 'b'? There are a, b",
            Run("t.csv", "--ignore", "bb").Refused(1));
        Assert.Equal("csv 't.csv': no column is left to make a map of: ignore fewer",
            Run("t.csv", "--ignore", "a", "b").Refused(1));
        Assert.Equal("self-organising map: 5 rows: a hexagonal grid whose edges are joined needs an even number of "
            + "rows, since every second one is shifted", Run("t.csv", "--rows", "5", "--toroidal").Refused(1));
        Assert.Equal("--learning-rate does not go without --online: the batch form has none. "
            + "Try 'chainrule map --help'.", Usage("t.csv", "--learning-rate", "0.5"));
        Assert.Equal("--grid round: choose one of hexagonal, rectangular. Try 'chainrule map --help'.",
            Usage("t.csv", "--grid", "round"));
        Assert.Contains("there is no file", Run("none.csv").Refused(1), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.PathOf("there"));
        Assert.Equal("map: there is there already, and is not written over: give another name by --out, or remove it "
            + "first", Run("t.csv", "--out", "there").Refused(1));
        _folder.Write("rows.csv", "1.5,2\n3,4\n5,7\n");
        Assert.Contains("--header false", Run("rows.csv").Refused(1), StringComparison.Ordinal);
        Assert.Contains("separator ab: give one character", Run("t.csv", "--separator", "ab").Refused(1),
            StringComparison.Ordinal);
        _folder.Write("one.csv", "a,b\n1,2\n");
        Assert.Equal("csv 'one.csv': 1 rows: a map is made of 2 to 100,000", Run("one.csv").Refused(1));
    }

    string Usage(params string[] args) =>
        Regex.Replace(Run(args).Refused(2), "Try '.*chainrule[^ ]* map", "Try 'chainrule map");

    static (double Before, double After) Errors(Ended ended, string name)
    {
        var match = Regex.Match(ended.Output, $"{name}: ([0-9.]+) before, ([0-9.]+) after");
        return (Number(match.Groups[1].Value), Number(match.Groups[2].Value));
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    static string Clusters()
    {
        var rng = new TorchRandom(5);
        double[] noise = new double[450];
        rng.Uniform(noise, -1, 1);
        return "kind,x,y,z\n" + string.Concat(Enumerable.Range(0, 150).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"k{i % 3},{noise[3 * i] + 5 * (i % 3):0.000},{noise[3 * i + 1]
                + (i % 3 == 1 ? 5 : 0):0.000},{noise[3 * i + 2]:0.000}\n")));
    }

    [GeneratedRegex("classes: ([0-9.]+) %")]
    private static partial Regex PurityLine();
}
