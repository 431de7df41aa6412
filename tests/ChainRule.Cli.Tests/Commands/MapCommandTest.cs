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
        string[] info = CommandLine.Run(_folder.Path, "info", "made").Well().Lines;
        Assert.Contains(info, line => line.StartsWith("model           kohonen {", StringComparison.Ordinal));
        Assert.Contains(info, line => line.Contains("purity 1", StringComparison.Ordinal));
        int epochs = options.Contains("--epochs") ? 30 : 50;
        Assert.Equal(epochs + 1, File.ReadAllLines(_folder.PathOf("made/metrics.jsonl")).Length);

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
    public void A_file_whose_first_line_counts_its_rows_is_refused_with_the_options_that_read_it()
    {
        _folder.Write("counts.csv", "3,2,a,b\n1.5,2,3,0\n4,5.5,6,1\n2,2.5,1,1\n");
        foreach (string command in (string[])["map", "fit"])
            Assert.Contains("if it says how many they are, read the file with --skip-lines 1 and --header false; ",
                CommandLine.Run(_folder.Path, command, "counts.csv").Refused(1), StringComparison.Ordinal);
        Run("counts.csv", "--skip-lines", "1", "--header", "false", "--target", "3").Well();
    }

    /// <summary>The radius is too narrow to fall: the map that is kept is one of the middle.</summary>
    [Fact]
    public void What_is_said_is_of_the_map_that_is_kept()
    {
        _folder.Write("clusters.csv", Clusters());
        var ended = Run("clusters.csv", "--target", "kind", "--rows", "4", "--columns", "4", "--radius", "1",
            "--final-radius", "1", "--out", "made").Well();
        var (_, quantization) = Errors(ended, "quantisation error");
        var (_, topographic) = Errors(ended, "topographic error");
        Assert.Contains(ended.Lines, line => line.StartsWith("the map is that of epoch ", StringComparison.Ordinal));
        string measured = CommandLine.Run(_folder.Path, "evaluate", "made", "clusters.csv").Well().Lines[0];
        string purity = PurityLine().Match(ended.Output).Groups[1].Value;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"150 rows: quantisation error "
            + $"{quantization:0.0000}, ")
            + string.Create(CultureInfo.InvariantCulture, $"topographic error {topographic:0.0000}; {purity} % of 150 ")
            + "rows have the class ('kind') of their unit", measured);
        _folder.Write("new.csv", "x,y,z\n0.1,0.2,0\n");
        Assert.StartsWith("1 row: quantisation error ",
            CommandLine.Run(_folder.Path, "evaluate", "made", "new.csv").Well().Lines[0], StringComparison.Ordinal);
        Assert.Equal("1 row placed: placed.csv", CommandLine.Run(_folder.Path, "predict", "made", "new.csv", "--out",
            "placed.csv").Well().Lines[0]);
        string[] info = CommandLine.Run(_folder.Path, "info", "made").Well().Lines;
        Assert.Contains("training        Kohonen's rule, batch form, 50 epochs", info);
        Assert.Equal("map: final radius 5 above the first, 1: the neighbourhood shrinks: give --final-radius of as "
            + "much "
            + "at most, or a larger --radius", Run("clusters.csv", "--radius", "1", "--final-radius", "5").Refused(1));
        Assert.Equal("map: final radius 2: the online form has none, its radius falls to a third of the first: leave "
            + "it "
            + "out, or leave --online out", Run("clusters.csv", "--online", "--final-radius", "2").Refused(1));
        _folder.Write("word.csv", "x,y,z\n0.1,0.2,what\n");
        Assert.Contains("correct it or name it by --missing what",
            CommandLine.Run(_folder.Path, "evaluate", "made", "word.csv").Refused(1), StringComparison.Ordinal);
    }

    /// <summary>Killed at a moment that its own output names, and resumed: the same bits as if it had not
    /// been.</summary>
    [Theory]
    [InlineData()]
    [InlineData("--online")]
    public void A_map_that_is_killed_goes_on_to_the_same_bits(params string[] form)
    {
        _folder.Write("clusters.csv", Clusters());
        string[] args = ["clusters.csv", "--target", "kind", "--epochs", "300", .. form];
        Run([.. args, "--out", "whole"]).Well();
        // On a loaded machine a kill may come too late: then another run is begun.
        for (int tries = 0; tries < 10; tries++)
        {
            if (Directory.Exists(_folder.PathOf("killed"))) Directory.Delete(_folder.PathOf("killed"), true);
            using var killed = CommandLine.Start(_folder.Path, ["map", .. args, "--out", "killed"]);
            int lines = 0;
            killed.Said += line =>
            {
                if (line.StartsWith("step ", StringComparison.Ordinal) && ++lines == 10) killed.Kill();
            };
            if (killed.Wait().Code != 0) break;
        }
        Assert.False(File.Exists(_folder.PathOf("killed/summary.json")));
        Assert.Contains("is not finished, and the classes of its units are not known yet: go on with it by: ",
            CommandLine.Run(_folder.Path, "predict", "killed", "clusters.csv").Refused(1), StringComparison.Ordinal);
        var resumed = Run("--resume", "killed").Well();
        Assert.Contains(resumed.Lines, line => line.StartsWith("resumed at step ", StringComparison.Ordinal));
        foreach (string file in (string[])["model.safetensors", "last.safetensors", "map.html", "rows.csv"])
            Assert.Equal(File.ReadAllBytes(_folder.PathOf($"whole/{file}")),
                File.ReadAllBytes(_folder.PathOf($"killed/{file}")));
    }

    [Fact]
    public void New_rows_are_placed_on_a_map_with_their_distance_and_the_class_of_their_unit()
    {
        _folder.Write("clusters.csv", Clusters());
        Run("clusters.csv", "--target", "kind", "--out", "made").Well();
        _folder.Write("new.csv", "z,y,x\n0,0.1,0.2\n0,5.1,5.2\n0,0.1,9.8\n0,0,500\n");
        var ended = CommandLine.Run(_folder.Path, "predict", "made", "new.csv");
        Assert.Contains("1 of 4 rows lie far outside of the range of the training rows, in 'x'", ended.Errors,
            StringComparison.Ordinal);
        string[][] placed = [.. ended.Lines.Select(line => line.Split(','))];
        Assert.Equal(["z", "y", "x", "unit row", "unit column", "distance", "kind of the unit"], placed[0]);
        Assert.Equal(["k0", "k1", "k2", "k2"], placed.Skip(1).Select(row => row[6]));
        Assert.All(placed.Skip(1).Take(3), row => Assert.InRange(Number(row[5]), 0, 1.5));
        Assert.InRange(Number(placed[4][5]), 50, 500);
        Assert.Equal("predict: --explain is for predictions, and a map places rows: leave it out",
            CommandLine.Run(_folder.Path, "predict", "made", "new.csv", "--explain").Refused(1));
        _folder.Write("lacking.csv", "x,y\n1,2\n");
        Assert.Contains("column", CommandLine.Run(_folder.Path, "predict", "made", "lacking.csv").Refused(1),
            StringComparison.Ordinal);
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
        // The columns of the file are not those of the sheet.
        Assert.Equal("map: epochs 0: give a whole number from 1 to 1,000,000", Run("t.csv", "--set", "epochs=0")
            .Refused(2).Replace("--set epochs=0", "map: epochs 0", StringComparison.Ordinal).Split(". Try")[0]);
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
        Assert.Equal("Unrecognized command or argument '--steps'. Try 'chainrule map --help'.",
            Usage("t.csv", "--steps", "20"));
        Assert.Equal("Unrecognized command or argument '--epoch': did you mean --epochs? Try 'chainrule map --help'.",
            Usage("t.csv", "--epoch", "20"));
        Assert.Equal("--grid round: give one of rectangular, hexagonal. Try 'chainrule map --help'.",
            Usage("t.csv", "--grid", "round"));
        Assert.Equal("map: steps 7: a map goes through all rows a number of times: give --epochs",
            Run("t.csv", "--set", "steps=7").Refused(1));
        Assert.StartsWith("map: Kohonen's rule is trained with no other settings than the learning rate",
            Run("t.csv", "--set", "momentum=0.5").Refused(1), StringComparison.Ordinal);
        Assert.Equal("map: learning rate 1.5: give a number above 0, 1 at most",
            Run("t.csv", "--online", "--learning-rate", "1.5").Refused(1));
        Assert.Contains("there is no file", Run("none.csv").Refused(1), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.PathOf("there"));
        _folder.Write("there/mine.txt", "x");
        Assert.EndsWith("there is already there and is not an empty folder: choose another --out, and nothing in it is "
            + "touched", Run("t.csv", "--out", "there").Refused(1), StringComparison.Ordinal);
        _folder.Write("rows.csv", "1.5,2\n3,4\n5,7\n");
        Assert.Contains("--header false", Run("rows.csv").Refused(1), StringComparison.Ordinal);
        Assert.Contains("separator ab: give one character", Run("t.csv", "--separator", "ab").Refused(2),
            StringComparison.Ordinal);
        _folder.Write("one.csv", "a,b\n1,2\n");
        Assert.Equal("csv 'one.csv': 1 row: a map is made of 2 to 100,000", Run("one.csv").Refused(1));
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
