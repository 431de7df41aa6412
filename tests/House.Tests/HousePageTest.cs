using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>
/// docs/house.md is true: its samples are the code as it stands, its tables are those that the rules ask, its
/// numbers are the tests' own.
/// </summary>
public sealed partial class HousePageTest
{
    const string House = "docs/house.md", Accept = "CHAINRULE_ACCEPT", RoomsHead = "| room | may import |",
        ProjectsHead = "| project | may reference |";

    [Fact]
    public void The_page_is_what_the_code_and_the_rules_say()
    {
        string now = Written(Page.Read(House), path => Repository.Files.Single(f => f.Path == path));
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(Repository.PathOf(House), now);
        string page = Page.Read(House);
        if (page != now)
            Assert.Fail($"{House} is not what the code and the rules say:\n{FirstDifference(page, now)}\nRun this test "
                + $"once with {Accept}=1 and commit the page.");
    }

    [Fact]
    public void The_page_has_samples_and_both_tables()
    {
        string page = Page.Read(House);
        Assert.True(Sample().Count(page) >= 2,
            $"{House} shows no code of its own: begin a block with // src/…/File.cs: Name");
        Assert.Single(TableAfter(RoomsHead).Matches(page));
        Assert.Single(TableAfter(ProjectsHead).Matches(page));
    }

    [Fact]
    public void The_page_says_the_sizes_that_are_counted()
    {
        string page = Page.Read(House);
        Assert.Contains($"{TidyTest.Longest} columns", page, StringComparison.Ordinal);
        Assert.Contains($"{TidyTest.SourceLines} lines", page, StringComparison.Ordinal);
        Assert.Contains($"{TidyTest.LessonLines + 1} lines", page, StringComparison.Ordinal);
        Assert.Contains($"max_line_length = {TidyTest.Longest}\n", File.ReadAllText(Repository.PathOf(".editorconfig")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_takes_the_declarations_of_that_name_with_their_summaries()
    {
        const string Source = """
            class A
            {
                /// <summary>One.</summary>
                public int Twice(int x) => 2 * x;

                // A longer one.
                int Twice(long x)
                {
                    return 2 * (int)x;
                }
            }
            """;
        Assert.Equal(
            "x\n```cs\n// src/A.cs: Twice\n/// <summary>One.</summary>\npublic int Twice(int x) => 2 * x;\n\n"
                + "// A longer one.\nint Twice(long x)\n{\n    return 2 * (int)x;\n}\n```\ny\n",
            Written("x\n```cs\n// src/A.cs: Twice\nold;\n```\ny\n", path => new(path, Source)));
    }

    [Fact]
    public void A_sample_of_what_is_not_there_is_refused() =>
        Assert.Contains("no declaration 'Gone'", Assert.Throws<InvalidDataException>(
            () => Written("```cs\n// src/A.cs: Gone\n```\n", path => new(path, "class A;"))).Message,
                StringComparison.Ordinal);

    [Fact]
    public void A_table_is_written_anew_and_what_follows_it_stays()
    {
        string page = Written($"a\n\n{RoomsHead}\n|---|---|\n| Attic | nothing |\n\nb\n", path => new(path, ""));
        Assert.StartsWith($"a\n\n{RoomsHead}\n|---|---|\n| Errors | nothing |\n", page, StringComparison.Ordinal);
        Assert.EndsWith("|\n\nb\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Attic", page, StringComparison.Ordinal);
    }

    static string Written(string page, Func<string, SourceFile> find)
    {
        page = Sample().Replace(page, m => $"```cs\n// {m.Groups[1].Value}: "
            + $"{m.Groups[2].Value}\n{Declarations(find(m.Groups[1].Value), m.Groups[2].Value)}\n```\n");
        page = TableAfter(RoomsHead).Replace(page, Generated(RoomsHead));
        return TableAfter(ProjectsHead).Replace(page, Generated(ProjectsHead));
    }

    static string Generated(string head) => Rooms.Table(head, head == RoomsHead ? Rooms.Library : Rooms.Projects);

    // Every type or member of that name, without the indentation of where it stands.
    static string Declarations(SourceFile file, string name)
    {
        string[] found = [.. file.All<MemberDeclarationSyntax>().Where(member => NameOf(member) == name)
            .Select(member => Outdented(member.ToFullString()))];
        return found.Length > 0 ? string.Join("\n\n", found)
            : throw new InvalidDataException($"{file.Path} has no declaration '{name}': name another in {House}");
    }

    static string? NameOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        _ => null,
    };

    static string Outdented(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Trim('\n').Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indent ? "" : line[indent..])).TrimEnd();
    }

    static string FirstDifference(string page, string now)
    {
        var (old, lines) = (page.Split('\n'), now.Split('\n'));
        int at = Enumerable.Range(0, Math.Max(old.Length, lines.Length))
            .First(i => old.ElementAtOrDefault(i) != lines.ElementAtOrDefault(i));
        return $"line {at + 1} is:        {old.ElementAtOrDefault(at)}\n    and should be: "
            + $"{lines.ElementAtOrDefault(at)}";
    }

    static Regex TableAfter(string head) => new($@"{Regex.Escape(head)}\n(\|[^\n]*\n)+");

    [GeneratedRegex(@"```cs\n// (src/\S+\.cs): (\w+)\n.*?```\n", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
