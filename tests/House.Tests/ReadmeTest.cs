using System.Text.RegularExpressions;

namespace House.Tests;

/// <summary>
/// The README is true: its program prints what it says, its commands are there, its links lead somewhere.
/// </summary>
public sealed partial class ReadmeTest
{
    const string Readme = "README.md";

    [Fact]
    public void Its_program_prints_what_it_says()
    {
        var (program, output) = ProgramAndOutput(Text());
        Assert.Equal(Page.Tidied(output), Page.Tidied(Snippet.Run(program)));
    }

    [Fact]
    public void Its_commands_are_there()
    {
        string[] commands = [.. Commands(Text())];
        Assert.Contains("dotnet test -c Release --no-build", commands);
        Assert.Contains(commands, c => c.StartsWith("dotnet run ", StringComparison.Ordinal));
        Assert.Empty(commands.Select(Missing).OfType<string>());
    }

    [Fact]
    public void Its_links_lead_somewhere() => Assert.Empty(Page.DeadLinks(Readme, Text()));

    [Fact]
    public void The_first_program_and_the_block_after_it_are_taken()
    {
        var (program, output) = ProgramAndOutput(
            "# A\n```sh\nls\n```\n```csharp\nint a;\n```\nprints\n```\n1\n2\n```\n```csharp\nint b;\n```\n");
        Assert.Equal(("int a;\n", "1\n2\n"), (program, output));
    }

    [Theory]
    [InlineData("# A\n```sh\nls\n```\n", "no ```csharp block")]
    [InlineData("```csharp\nint a;\n```\nand that is all\n", "no block with its output")]
    [InlineData("```csharp\nint a;\n```\n## Elsewhere\n```\na tree\n```\n", "no block with its output")]
    public void A_page_without_a_program_or_its_output_is_refused(string page, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => ProgramAndOutput(page)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_program_is_run_against_the_library_and_its_output_kept() =>
        Assert.Equal("[2, 3]\n", Snippet.Run("using ChainRule;\nConsole.WriteLine(Tensor.Zeros([2, 3]).Shape);"));

    [Fact]
    public void Commands_are_the_lines_of_shell_and_indented_blocks_without_prompt_and_comment() => Assert.Equal(
        ["dotnet test -c Release", "cd src", "dotnet build"],
        Commands("```sh\n$ dotnet test -c Release   # all of it\n```\n```csharp\n    int a;\n```\n```console\ncd "
            + "src\n```\nand\n\n    dotnet build\n"));

    [Theory]
    [InlineData("dotnet test -c Release", null)]
    [InlineData("dotnet build src/ChainRule -c Release", null)]
    [InlineData("dotnet run -c Release --project src/ChainRule.Cli -- info", null)]
    [InlineData("dotnet run --project src/Nowhere -- info", "src/Nowhere is not there")]
    [InlineData("dotnet run --project src/ChainRule.Cli -- conquer",
        "src/ChainRule.Cli/Commands/ConquerCommand.cs is not there")]
    [InlineData("dotnet run lessons/99-nothing.cs", "lessons/99-nothing.cs is not there")]
    public void A_command_that_names_what_is_missing_is_seen(string command, string? missing) =>
        Assert.Equal(missing is null ? null : $"{command}: {missing}", Missing(command));

    static string Text() => Repository.Has(Readme)
        ? Page.Read(Readme)
        : throw new FileNotFoundException(
            $"{Readme} is not there: write it, with a ```csharp program and a block with what it prints");

    static (string Program, string Output) ProgramAndOutput(string page)
    {
        var blocks = Page.Blocks(page)
            .Select(b => (b.Language, b.Text, Section: Heading().Count(page[..b.Index]))).ToList();
        int at = blocks.FindIndex(b => b.Language is "csharp" or "cs");
        if (at < 0)
            throw new InvalidDataException($"{Readme} has no ```csharp block: show a program that runs as it stands");
        if (at + 1 == blocks.Count || blocks[at + 1].Section != blocks[at].Section)
            throw new InvalidDataException($"{Readme} has no block with its output after the ```csharp block, in the "
                + "same section: show what the program prints");
        return (blocks[at].Text, blocks[at + 1].Text);
    }

    static IEnumerable<string> Commands(string page) =>
        from block in Page.Blocks(page).Where(b => b.Language is "sh" or "bash" or "shell" or "console")
            .Select(b => b.Text)
            .Append(string.Concat(Indented().Matches(Page.WithoutBlocks(page)).Select(m => m.Value)))
        from line in block.Split('\n')
        let command = line.Split(" #")[0].Trim().TrimStart('$').Trim()
        where command.Length > 0 && command[0] != '#'
        select command;

    // Names what a dotnet command needs and the repository has not; other commands are the reader's own.
    static string? Missing(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["dotnet", "run" or "test" or "build", .. var rest]) return null;
        var needed = rest.TakeWhile(w => w != "--")
            .Where(w => w.EndsWith(".cs", StringComparison.Ordinal) || w.Contains('/', StringComparison.Ordinal))
                .ToList();
        int verb = Array.IndexOf(rest, "--") + 1;
        if (needed is [var project] && project.TrimEnd('/') == "src/ChainRule.Cli" && verb > 0 && verb < rest.Length
            && char.IsLetter(rest[verb][0]))
            needed.Add($"src/ChainRule.Cli/Commands/{char.ToUpperInvariant(rest[verb][0])}{rest[verb][1..]}Command.cs");
        return needed.FirstOrDefault(path => !Repository.Has(path)) is { } gone
            ? $"{command}: {gone} is not there" : null;
    }

    [GeneratedRegex(@"^#+ ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    // A block of code by its four spaces, after an empty line.
    [GeneratedRegex(@"(?<=\n\n)(    \S[^\n]*\n)+")]
    private static partial Regex Indented();
}
