using System.CommandLine;
using System.CommandLine.Parsing;

namespace ChainRule.Cli;

/// <summary>What is wrong with a command line, in the tool's own words.</summary>
static class Complaint
{
    /// <summary>An error of the parser as a sentence without its end: what is missing or given twice is named, and how
    /// it is given; what the tool's own checks say stays.</summary>
    public static string Of(ParseResult parsed, ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Parent: OptionResult option } => OfOption(option) ?? Said(error),
        OptionResult option => OfOption(option) ?? Said(error),
        ArgumentResult { Argument: var argument, Tokens.Count: 0 } when argument.Arity.MinimumNumberOfValues > 0 =>
            Missing(parsed.CommandResult),
        _ => Said(error),
    };

    static string? OfOption(OptionResult result)
    {
        var option = result.Option;
        string wanted = $"{option.Name} {option.HelpName ?? "VALUE"}";
        return result.IdentifierTokenCount == 0 ? $"{option.Name} is missing: give {wanted}"
            : result.Tokens.Count < option.Arity.MinimumNumberOfValues
                ? $"{option.Name}: its value is missing: give {wanted}"
            : result.Tokens.Count > option.Arity.MaximumNumberOfValues
                ? $"{option.Name} is given {(result.IdentifierTokenCount is 2 ? "twice"
                    : $"{result.IdentifierTokenCount} times")}: give it once"
            : null;
    }

    static string Missing(CommandResult result)
    {
        string[] names = [.. result.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0
            && result.GetResult(argument) is not { Tokens.Count: > 0 }).Select(Name)];
        return $"{string.Join(" and ", names)} {(names.Length == 1 ? "is" : "are")} missing: give "
            + string.Join(' ', [Tool.Line(result.Command), .. result.Command.Arguments
                .Where(argument => argument.Arity.MinimumNumberOfValues > 0).Select(Name)]);
    }

    static string Name(Argument argument) => argument.HelpName ?? argument.Name;

    static string Said(ParseError error) => error.Message.TrimEnd('.');
}
