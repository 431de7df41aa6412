using System.Globalization;
using System.Text;
using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>How fit, predict and evaluate are told how a file is written, and what they say if they are not.</summary>
public sealed class FitReadingTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);

    string Written(string name, string header, Func<int, string> row, int rows = 60) =>
        Path.GetFileName(_folder.Write(name, header + "\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
            row(i) + "\n"))));

    string[] Fitted(string file, params string[] more) =>
        Run(["fit", file, "--target", "y", "--model", "linear", "--out", "run", .. more]).Well().Lines;

    [Fact]
    public void What_is_wrong_with_a_file_names_the_options_of_the_command()
    {
        string Refusal(string file) => Run("fit", file, "--target", "y", "--model", "linear").Refused(1);
        Assert.Equal("csv 'head.csv': line 1 should name the columns and holds '1', as a row does: if it is a row, "
            + "read the file with --header false; if it does name them, with --header true",
            Refusal(Written("head.csv", "1,2,3", i => $"{i},{i % 7},{i % 5}")));
        Assert.Equal("csv 'marks.csv': line 2, column 'x': '1,000' seems to be a number with a mark of thousands: read "
            + "the file with --culture en, or keep it as text by --categories x",
            Refusal(Written("marks.csv", "x;y", i => $"{1 + i % 9},000;{i}")));
        Assert.Equal("csv 'word.csv': line 4, column 'size in m': 'n.a.' is no number, and 59 of 60 rows hold numbers: "
            + "correct it, name it by --missing n.a., or keep it as text by --categories 'size in m'",
            Refusal(Written("word.csv", "size in m,y", i => $"{(i == 2 ? "n.a." : $"{i * 7 % 23}.5")},{i % 9}.5")));
        Assert.Equal("csv 'days.csv': column 'day': '1/1/2024' may have the day first or the month, and no row tells: "
            + "read the file with --culture en-GB if the day stands first, or with --culture en-US if the month does, "
            + "or leave the column out",
            Refusal(Written("days.csv", "day,y", i => $"{i % 12 + 1}/{i % 11 + 1}/2024,{i % 9}.5")));
        _folder.Write("latin.csv", Encoding.Latin1.GetBytes("town,y\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => $"{(i % 2 == 0 ? "Malmö" : "Ystad")},{i % 9}.5\n"))));
        Assert.EndsWith("save the file as UTF-8, such as with iconv -f WINDOWS-1252 -t UTF-8, or give its encoding, "
            + "such as --encoding windows-1252", Refusal("latin.csv"), StringComparison.Ordinal);
        // A command without such options says what to do to the file.
        _folder.Write("places.csv", "id,lat,lon,id\na,1,2,3\n");
        _folder.Write("visits.csv", "user,place\nu,a\n");
        string places = Run("recommend", "fit", "places.csv", "visits.csv").Refused(1);
        Assert.Contains("both 'id': rename one of them, or read a file whose first line is a row with a line of names "
            + "above it", places, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_reads_new_files_as_its_own_was_read_unless_told_otherwise()
    {
        _folder.Write("old.csv", Encoding.Latin1.GetBytes("by|size|y\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => $"{(i % 2 == 0 ? "Malmö" : "Ystad")}|{(i % 7 == 0 ? "-" : $"{i}.5")}|{i}.5\n"))));
        string[] lines = Fitted("old.csv", "--encoding", "latin1", "--missing", "-", "none", "--separator", "|");
        Assert.Contains(lines, line => line.StartsWith("  size ", StringComparison.Ordinal)
            && line.Contains("9 missing", StringComparison.Ordinal));
        _folder.Write("new.csv", Encoding.Latin1.GetBytes("by|size|y\nMalmö|-|3\nYstad|none|4\n"));
        var predicted = Run("predict", "run", "new.csv");
        Assert.Equal((0, 3), (predicted.Code, predicted.Lines.Length));
        Assert.Contains("column 'size': 2 of 2 rows lack a value", predicted.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("never seen", predicted.Errors, StringComparison.Ordinal);
        _folder.Write("other.csv", "by;size;y\nMalmö;?;3\nYstad;4,5;4\n");
        string[] other = ["--encoding", "utf-8", "--separator", ";", "--culture", "de"];
        Assert.Equal(3, Run(["predict", "run", "other.csv", .. other]).Lines.Length);
        Assert.Contains("rows", Run(["evaluate", "run", "other.csv", .. other]).Output, StringComparison.Ordinal);
        Assert.Equal("csv 'other.csv': line 3, column 'size': '4,5' is no number with a decimal point: read the file "
            + "with --culture de",
            Run("predict", "run", "other.csv", "--encoding", "utf-8", "--separator", ";", "--culture", "en")
                .Refused(1));
        Assert.StartsWith("encoding utf-9: there is none of that name", Run("predict", "run", "new.csv", "--encoding",
            "utf-9").Refused(1), StringComparison.Ordinal);
        Assert.StartsWith("culture 'xx': it is none of en,", Run("predict", "run", "new.csv", "--culture", "xx")
            .Refused(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Decimal_commas_and_marks_of_thousands_are_read_by_culture_and_written_so()
    {
        static string Row(int i) => string.Create(CultureInfo.InvariantCulture,
            $"1.{i:000},5;{i % 28 + 1}/{i % 12 + 1}/2024;2.{i:000},25");
        string[] lines = Fitted(Written("de.csv", "x;tag;y", Row), "--culture", "de-DE");
        Assert.Equal("'y' is predicted: regression, 60 different numbers", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("  x ", StringComparison.Ordinal)
            && line.Contains("input: number", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  tag ", StringComparison.Ordinal)
            && line.Contains("input: date", StringComparison.Ordinal));
        _folder.Write("next.csv", "x;tag\n1.030,5;13/1/2024\n");
        string[] predicted = Run("predict", "run", "next.csv").Well().Lines;
        Assert.Equal("x;tag;predicted y", predicted[0]);
        Assert.Equal(2030.25, double.Parse(predicted[1].Split(';')[2].Replace(',', '.'), CultureInfo.InvariantCulture),
            20.0);
    }

    [Fact]
    public void Time_ends_a_run_early_and_it_is_judged_all_the_same()
    {
        string file = Written("long.csv", "a,b,y",
            i => $"{i * 37 % 1009},{i * 53 % 991},{i * 37 % 1009 + i % 13}", 3000);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        string[] lines = Run("fit", file, "--target", "y", "--model", "mlp", "--steps", "10000000", "--time", "3",
            "--out", "timed").Well().Lines;
        // Without the limit, so many steps would take hours.
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 600);
        Assert.Contains(lines, line => line.StartsWith("The page: ", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "timed", "report.json")));
        Assert.StartsWith("--time 0: give a number of 1 or more", Run("fit", file, "--target", "y", "--time", "0")
            .Refused(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Money_and_per_cent_are_numbers_and_what_is_far_off_or_constant_no_more_is_said()
    {
        string[] lines = Fitted(Written("money.csv", "price,rate,land,y", i => $"${40 + i * 7 % 60}.50,{i % 9} %,NO,"
            + $"€ {300 + i * 7 % 60 * 2}"));
        Assert.Equal("'y' is predicted: regression, 60 different numbers", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("  price ", StringComparison.Ordinal)
            && line.Contains("; one number, without '$'", StringComparison.Ordinal));
        _folder.Write("far.csv", "price,rate,land,y\n$50,3 %,NO,€ 320\n$900,3,SE,€ 410\n");
        var predicted = Run("predict", "run", "far.csv");
        Assert.Equal(3, predicted.Lines.Length);
        Assert.StartsWith("$50,3 %,NO,€ 320,", predicted.Lines[1], StringComparison.Ordinal);
        Assert.Equal("chainrule: warning: 1 of 2 rows lie far outside of the range of the training rows, in 'price': "
            + "what is predicted for them is a guess\nchainrule: warning: column 'land' was 'NO' in every training "
            + "row, and nothing was learned from it: here it differs in 1 of 2 rows, such as 'SE', which changes no "
            + "prediction\n",
            predicted.Errors);
        Assert.Equal(0, Run("evaluate", "run", "far.csv").Code);
    }

    [Fact]
    public void A_table_of_thousands_of_columns_is_fitted_in_seconds()
    {
        string file = Written("wide.csv", string.Join(',', Enumerable.Range(0, 2000).Select(c => $"c{c}")) + ",y",
            i => string.Join(',', Enumerable.Range(0, 2000).Select(c => $"{i * 37 * (c + 1) % 1009}")) + $",{i}.5", 30);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Fitted(file);
        // A solver whose work grew by the third power of the columns took minutes.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
    }
}
