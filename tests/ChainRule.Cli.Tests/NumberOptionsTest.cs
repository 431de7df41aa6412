using System.CommandLine;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Tests;

/// <summary>Every option of every command that takes a number, with what is none.</summary>
public sealed class NumberOptionsTest
{
    static readonly Type[] s_numbers = [typeof(int), typeof(long), typeof(ulong), typeof(double)];

    public static TheoryData<string> Commands => [.. CommandTable.All.SelectMany(static entry =>
        Below(entry.Create(), "")).Where(static line => Numbers(line).Length > 0)];

    [Theory, MemberData(nameof(Commands))]
    public void No_option_takes_what_is_no_number(string line)
    {
        foreach (var option in Numbers(line))
        {
            Assert.StartsWith($"{option.Name} abc: give a ", Refused(line, option.Name, "abc"),
                StringComparison.Ordinal);
            string comma = Refused(line, option.Name, "2,5");
            Assert.StartsWith($"{option.Name} 2,5: give a ", comma, StringComparison.Ordinal);
            Assert.Equal(!comma.Contains("a whole number", StringComparison.Ordinal),
                comma.EndsWith(": write it with a decimal point", StringComparison.Ordinal));
            string missing = Refused(line, option.Name);
            Assert.StartsWith($"{option.Name}: its value is missing: give {option.Name} ", missing,
                StringComparison.Ordinal);
        }
    }

    public static TheoryData<TaskKind> Tasks => [.. TrainingTask.All.Select(static task => task.Kind)];

    [Theory, MemberData(nameof(Tasks))]
    public void No_setting_of_a_training_takes_what_is_no_number(TaskKind kind)
    {
        var task = TrainingTask.Of(kind);
        string[] words = task.Command.Split(' ');
        var command = Find(words);
        int seen = 0;
        foreach (var setting in Setting.Of(task.UsualOptions).Concat(Setting.Of(typeof(TrainingSettings))))
        {
            string name = "--" + Setting.Words(setting.Name).Replace(' ', '-');
            if (!setting.Wanted.Contains("number", StringComparison.Ordinal)
                || command.Options.All(option => option.Name != name)) continue;
            seen++;
            foreach (string text in (string[])["abc", "2,5"])
            {
                var parsed = CommandTable.Root(words).Parse([.. words, name, text, "--print-config",
                    .. kind == TaskKind.Map ? ["--online"] : Array.Empty<string>()]);
                Assert.Empty(parsed.Errors);
                var refused = Assert.Throws<UsageException>(() => parsed.Invoke(new()
                    { EnableDefaultExceptionHandler = false }));
                Assert.Equal($"{name} {text}: give {setting.Wanted}"
                    + (text == "2,5" && !setting.Wanted.StartsWith("a whole", StringComparison.Ordinal)
                        ? ": write it with a decimal point" : ""), refused.Message);
            }
        }
        Assert.InRange(seen, 1, 100);
    }

    [Theory]
    [InlineData("--temperature 1,5", "--temperature 1,5: give a number of 0 or more: write it with a decimal point")]
    [InlineData("--temperature 1,5,0", "--temperature 1,5,0: give a number of 0 or more")]
    [InlineData("--count 1,500", "--count 1,500: give a whole number from 0 to 2,147,483,647")]
    public void Only_a_number_with_one_comma_is_told_of_the_decimal_point(string asked, string says) =>
        Assert.Equal(says, Refused("sample", asked.Split(' ')));

    [Theory]
    [InlineData("train names --workers abc")]
    [InlineData("fit --workers 2.5")]
    [InlineData("map --workers 2,5")]
    [InlineData("recommend fit --workers 65")]
    public void Workers_that_are_no_number_end_no_process_with_a_stack_trace(string asked)
    {
        string[] words = asked.Split(' ');
        Assert.StartsWith($"--workers {words[^1]}: give a whole number from 1 to 64. Try '",
            CommandLine.Run(Path.GetTempPath(), words).Refused(Tool.Usage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate x --flipped 0,3",
        "--flipped 0,3: give a number of 0 or more: write it with a decimal point. Try ")]
    [InlineData("tokenize x --out y --validation 0,1",
        "--validation 0,1: give a number of 0 or more: write it with a decimal point. Try ")]
    [InlineData("train names --history 1,5GB",
        "--history 1,5GB: give a size such as 64MB, 1GB or 0: write it with a decimal point. Try ")]
    [InlineData("train names --data a --data b", "--data is given twice: give it once. Try ")]
    [InlineData("train names --data a --data b --data c", "--data is given 3 times: give it once. Try ")]
    [InlineData("predict", "DIR and FILE are missing: give chainrule predict DIR FILE. Try ")]
    [InlineData("compare x", "OTHER is missing: give chainrule compare DIR OTHER. Try ")]
    [InlineData("data get", "NAME is missing: give chainrule data get NAME. Try ")]
    [InlineData("tokenize x", "--out is missing: give --out DIR. Try ")]
    public void What_is_missing_or_given_twice_is_named(string asked, string says) => Assert.StartsWith(says,
        CommandLine.Run(Path.GetTempPath(), asked.Split(' ')).Refused(Tool.Usage), StringComparison.Ordinal);

    /// <summary>The lines of the commands that do something, at and below one.</summary>
    static IEnumerable<string> Below(Command command, string above) => command.Subcommands.Count > 0
        ? command.Subcommands.SelectMany(below => Below(below, $"{above}{command.Name} "))
        : [above + command.Name];

    static Command Find(IEnumerable<string> words) => words.Aggregate(CommandTable.Root([.. words]) as Command,
        static (command, word) => command.Subcommands.Single(one => one.Name == word));

    static Option[] Numbers(string line) => [.. Find(line.Split(' ')).Options.Where(static option =>
        s_numbers.Contains(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType))];

    static string Refused(string line, params string[] more)
    {
        string[] command = line.Split(' ');
        // What has to be there is, so that nothing else is wrong.
        string[] words = [.. command, .. Find(command).Arguments.Count > 0 ? ["x"] : Array.Empty<string>(),
            .. line == "diagnose" ? ["--try"] : Array.Empty<string>(), .. more];
        var parsed = CommandTable.Root(words).Parse(words);
        string[] said = [.. parsed.Errors.Select(error => Complaint.Of(parsed, error))];
        Assert.DoesNotContain(said, static one => one.Contains("System.", StringComparison.Ordinal));
        return Assert.Single(said, one => one.StartsWith(more[0], StringComparison.Ordinal));
    }
}
