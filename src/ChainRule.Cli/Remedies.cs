using System.CommandLine;
using System.Text.RegularExpressions;
using ChainRule.Data;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>What makes a file readable, by the options of the command that reads it.</summary>
static partial class Remedies
{
    /// <summary>What is wrong, with the names of the command's options in the place of the library's settings; what
    /// the command has no option for is said of the file itself.</summary>
    public static string Message(Command command, Exception e) =>
        CsvException.Of(e)?.Say(remedy => Of(command, remedy)) ?? OfDivergence(Tool.Sentence(e));

    /// <summary>What diverged, with a command in the place of the library's class: who types commands writes no
    /// program.</summary>
    public static string OfDivergence(string message) =>
        Watch().Replace(message, $"find the cause by '{Shell.Tool} diagnose DIR'");

    [GeneratedRegex("find the op (that made it )?with NanWatch")]
    private static partial Regex Watch();

    static string Of(Command command, CsvRemedy remedy)
    {
        string value = remedy.Value;
        (string Option, string Said) by = remedy.Kind switch
        {
            CsvRemedyKind.Header => ("--header", $"--header {value}"),
            CsvRemedyKind.SkipLines => ("--skip-lines", long.TryParse(value, out _) ? $"--skip-lines {value}"
                : $"pass over {value} with --skip-lines"),
            CsvRemedyKind.Separator => ("--separator", $"--separator {Shell.Quote(value)}"),
            CsvRemedyKind.DecimalMark => ("--culture", $"--culture {(value == "," ? "de" : "en")}"),
            CsvRemedyKind.ThousandsMark => ("--culture", "--culture "
                + value switch { "." => "de", " " => "fr", "'" => "de-CH", _ => "en" }),
            CsvRemedyKind.DayFirst => ("--culture", "--culture en-GB if the day stands first, or with --culture en-US "
                + "if the month does"),
            CsvRemedyKind.Encoding => ("--encoding", ", or give its encoding, such as --encoding windows-1252"),
            CsvRemedyKind.MissingValues => ("--missing", "name it by --missing" + (value.Length == 0 ? ""
                : $" {Shell.Quote(Printable.Of(value))}")),
            CsvRemedyKind.Category => ("--categories", $"keep it as text by --categories {Column(value)}"),
            CsvRemedyKind.Text => ("--categories", $", or keep the column as text by --categories {Column(value)}"),
            _ => ("", ""),
        };
        return command.Options.Any(option => option.Name == by.Option) ? by.Said : remedy.OfFile;
    }

    static string Column(string name) => Shell.Quote(Printable.Of(name));
}
