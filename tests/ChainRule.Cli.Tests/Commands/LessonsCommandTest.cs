using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

public sealed class LessonsCommandTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public LessonsCommandTest() => Directory.CreateDirectory(_folder.PathOf("lessons"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_lists_number_title_and_a_sentence_of_each()
    {
        Write("01-slope", "The slope. What it is.", "");
        Write("12-sums", "Sums of things. How they add up.", "");
        Assert.Equal("  1  The slope       What it is.\n 12  Sums of things  How they add up.\n",
            Run("lessons").Well().Output);
    }

    [Fact]
    public void Without_lessons_here_or_above_it_says_where_they_are() => Assert.Equal(
        "lessons: neither this folder nor one above holds lessons/NN-name.cs: run this in a clone of ChainRule",
        Run("lessons").Refused(1));

    [Fact]
    public void A_number_that_is_none_is_told_the_numbers_that_are()
    {
        Write("01-slope", "The slope. What it is.", "");
        Assert.Equal("lessons 7: there is no lesson of this number: choose one of 1", Run("lessons", "7").Refused(1));
        Assert.StartsWith("lessons seven: give a lesson's number, such as 7, or nothing to see them all",
            Run("lessons", "seven").Refused(2), StringComparison.Ordinal);
        Assert.StartsWith("--quick does not go with --full: choose one", Run("lessons", "--quick", "--full").Refused(2),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_is_run_with_its_option_and_all_make_a_table_with_a_total()
    {
        Write("01-slope", "The slope. What it is.",
            "Console.WriteLine(string.Join(' ', args)); Console.WriteLine(\"d: 4.0 | lecture: 4.0 | agrees\");");
        Assert.Equal("--quick\nd: 4.0 | lecture: 4.0 | agrees\n", Run("lessons", "1", "--quick").Well().Output);
        Assert.Equal("compared 1: 1 agree, 0 differ", Run("lessons", "--quick").Well().Lines[^1]);

        Write("02-sums", "Sums. How they add up.", "Console.WriteLine(\"e: 5.0 | lecture: 6.0 | differs\");");
        Write("03-names", "Names. What they are.", "Console.Error.WriteLine(\"lesson: no names\"); return 2;");
        var ended = Run("lessons", "--full");
        Assert.Equal(1, ended.Code);
        Assert.Equal(
            ["lesson number lecture ours agrees", "01-slope d 4.0 4.0 yes", "02-sums e 6.0 5.0 NO",
            "03-names skipped: lesson: no names",
                "compared 2: 1 agree, 1 differ; lessons skipped, missing data: 1"],
            ended.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void A_lessons_own_options_are_passed_on_if_it_has_them()
    {
        Write("01-slope", "The slope. What it is.",
            "if (args.Contains(\"--seed\")) Console.WriteLine(string.Join(' ', args));");
        Assert.Equal("--seed 7\n", Run("lessons", "1", "--", "--seed", "7").Well().Output);
        Assert.Equal("lessons 1 -- --rate: the lesson has no such option: it has --seed",
            Run("lessons", "1", "--", "--rate", "2").Refused(1));
        Assert.Equal("Unrecognized command or argument '--seed': options of its own are given after --. Try "
            + "'chainrule lessons --help'.", Run("lessons", "1", "--seed", "7").Refused(2));
        Assert.Equal("lessons two: this is neither a lesson's number nor an option: give a lesson's own options "
            + "after --", Run("lessons", "1", "two").Refused(1));
        Assert.StartsWith("lessons --seed: give a lesson's number, such as 7",
            Run("lessons", "--", "--seed", "7").Refused(2), StringComparison.Ordinal);
    }

    void Write(string name, string title, string program) =>
        _folder.Write($"lessons/{name}.cs", $"// Lesson {name[..2]}: {title}\n{program}\n");

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);
}
