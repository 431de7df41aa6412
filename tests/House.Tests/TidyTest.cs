using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>Sizes, names and what may not be left lying about.</summary>
public sealed partial class TidyTest
{
    /// <summary>
    /// Columns of a line of C#, and lines of a file: in src and bench, and in lessons, whose expected output does not
    /// count.
    /// </summary>
    public const int Longest = 120, SourceLines = 300, LessonLines = 199;

    static readonly string[] s_emptyNames = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities",
        "Manager", "Base"];

    [Fact]
    public void No_file_is_two_rooms() => Finding.None(Repository.Files.Where(f => f.IsCSharp).SelectMany(Oversize));

    [Fact]
    public void A_file_too_long_is_seen()
    {
        string lines = string.Concat(Enumerable.Repeat("// a line\n", 200));
        Finding.Only(Oversize(new("lessons/01-value.cs", lines)), "lessons/01-value.cs:200");
        Finding.Only(Oversize(new("lessons/01-value.cs", lines[10..] + "\n// expected:\n" + lines)),
            "lessons/01-value.cs:200");
        Finding.Only(Oversize(new("lessons/01-value.cs", lines[20..] + "\n// expected:\n" + lines)));
        Finding.Only(Oversize(new("src/ChainRule/Ops/Sum.cs", lines)));
        Finding.Only(Oversize(new("bench/ChainRule.Bench/Clock.cs", lines + lines)),
            "bench/ChainRule.Bench/Clock.cs:301");
        Finding.Only(Oversize(new("src/ChainRule/Ops/Sum.cs", lines + lines)), "src/ChainRule/Ops/Sum.cs:301");
    }

    [Fact]
    public void No_line_runs_off_the_screen() =>
        Finding.None(Repository.Files.Where(f => f.IsCSharp).SelectMany(Overlong));

    [Fact]
    public void A_line_too_long_is_seen() =>
        Finding.Only(Overlong(new("src/ChainRule/Ops/Sum.cs", $"a\n{new string('b', 121)}\n{new string('c', 120)}")),
            "src/ChainRule/Ops/Sum.cs:2");

    [Fact]
    public void What_a_lesson_is_expected_to_print_may_be_wide() => Finding.Only(Overlong(new("lessons/01-slope.cs",
        $"// {new string('a', 120)}\nint x;\n\n// expected:\n// {new string('b', 120)}\n")), "lessons/01-slope.cs:1");

    [Fact]
    public void Nothing_is_put_off_and_no_code_is_commented_out() =>
        Finding.None(Repository.Files.Where(f => f.IsCSharp).SelectMany(LeftOver));

    [Fact]
    public void A_leftover_is_seen_and_prose_or_a_formula_is_not() =>
        Finding.Only(LeftOver(new("src/ChainRule/Ops/Sample.cs", """
        // TODO: the other axis
        // x.Backward();
        // A sum over the axis; the gradient is the same for each.
        // dx = dy * y
        class Sample
        {
            /* for (int i = 0; i < n; i++) Sum(i); */
            // if (x > 0)
            // {
            //     Sum(x);
            // }
            int _n; // (B, T, C)
        }
        #if false
        int gone;
        #endif
        """)),
        "src/ChainRule/Ops/Sample.cs:1", "src/ChainRule/Ops/Sample.cs:2", "src/ChainRule/Ops/Sample.cs:7",
        "src/ChainRule/Ops/Sample.cs:8", "src/ChainRule/Ops/Sample.cs:10", "src/ChainRule/Ops/Sample.cs:15");

    [Fact]
    public void What_a_lesson_is_expected_to_print_may_look_like_code() =>
        Finding.Only(LeftOver(new("lessons/01-slope.cs",
            "// Lesson 01: Slopes.\n// x = 1;\nint x;\n\n// expected:\n// x = 1;\n")), "lessons/01-slope.cs:2");

    [Fact]
    public void Every_name_says_something() => Finding.None(Repository.Source.SelectMany(EmptyNames));

    [Fact]
    public void An_empty_name_is_seen() =>
        Finding.Only(EmptyNames(new("src/ChainRule/Ops/Sample.cs",
            "class TensorHelper;\nrecord struct Database;\ninterface ILayerBase;\nenum Utils;")),
            "src/ChainRule/Ops/Sample.cs:1", "src/ChainRule/Ops/Sample.cs:3", "src/ChainRule/Ops/Sample.cs:4");

    [Fact]
    public void Every_class_is_sealed_abstract_or_static() => Finding.None(Repository.Source.SelectMany(Open));

    [Fact]
    public void An_open_class_is_seen() =>
        Finding.Only(Open(new("src/ChainRule/Ops/Sample.cs", "class A;\nsealed class B { class C; }\nrecord D;\nstatic "
            + "class E;\nrecord struct F;\nfile abstract class G;")),
            "src/ChainRule/Ops/Sample.cs:1", "src/ChainRule/Ops/Sample.cs:2", "src/ChainRule/Ops/Sample.cs:3");

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() =>
        Finding.None(Repository.Files.SelectMany(MachinePaths));

    [Theory]
    [InlineData("work")]
    [InlineData("root")]
    public void A_path_of_one_machine_is_seen(string folder) =>
        Finding.Only(MachinePaths(new("docs/sample.md",
            $"see\nhttps://example.org/{folder}/a and a/{folder}/b\nsee /{folder}/someone/data")), "docs/sample.md:3");

    static IEnumerable<Finding> Oversize(SourceFile file)
    {
        int most = file.Path.Split('/')[0] switch { "src" or "bench" => SourceLines, "lessons" => LessonLines,
            _ => int.MaxValue };
        if (file.Written.Length > most)
            yield return file.At(most + 1, $"{file.Written.Length} lines, and {most} are one room",
                "make two files of it, each with a name of its own");
    }

    static IEnumerable<Finding> Overlong(SourceFile file) => file.Written.Index()
        .Where(line => line.Item.Length > Longest)
        .Select(line => file.At(line.Index + 1, $"{line.Item.Length} columns, and {Longest} are the most",
            "break the line"));

    static IEnumerable<Finding> LeftOver(SourceFile file)
    {
        foreach (var trivia in file.Tree.GetRoot().DescendantTrivia(descendIntoTrivia: true))
        {
            // What a lesson prints may look like anything.
            if (trivia.GetLocation().GetLineSpan().StartLinePosition.Line >= file.Written.Length) yield break;
            if (trivia.IsKind(SyntaxKind.DisabledTextTrivia))
                yield return file.At(trivia.GetLocation(), "code switched off by a directive",
                    "delete it: git remembers");
            if (trivia.Kind() is not (SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia))
                continue;
            string text = trivia.ToString().TrimStart('/', '*').TrimEnd('*', '/').Trim();
            if (PutOff().IsMatch(text))
                yield return file.At(trivia.GetLocation(), "work put off in a comment", "do it, or leave it out");
            else if (IsCode(text))
                yield return file.At(trivia.GetLocation(), "commented-out code", "delete it: git remembers");
        }
    }

    // A sentence does not end like a statement, or does not parse as one; a head of a block parses
    // once it is given a body.
    static bool IsCode(string text)
    {
        string? statement = text.EndsWith(';') || text.EndsWith('}') ? text
            : text.EndsWith('{') ? text + "}" : BlockHead().IsMatch(text) ? text + ";" : null;
        return statement is { Length: > 2 }
            && !SyntaxFactory.ParseStatement(statement, options: SourceFile.Language).ContainsDiagnostics;
    }

    static IEnumerable<Finding> EmptyNames(SourceFile file) => file.All<BaseTypeDeclarationSyntax>()
        .Where(type => s_emptyNames.Any(word => type.Identifier.Text.EndsWith(word, StringComparison.Ordinal)))
        .Select(type => file.At(type, $"{type.Identifier.Text} says what it is good for to nobody",
            "name it by the field's noun for what it is or does"));

    static IEnumerable<Finding> Open(SourceFile file) => file.All<TypeDeclarationSyntax>()
        .Where(type => type is ClassDeclarationSyntax
            or RecordDeclarationSyntax { RawKind: (int)SyntaxKind.RecordDeclaration })
        .Where(type => !IsClosed(type) && !IsOtherPart(type))
        .Select(type => file.At(type, $"class {type.Identifier.Text} is neither sealed nor abstract nor static",
            "seal it, unless somebody is meant to derive from it: then make it abstract"));

    static bool IsClosed(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(
            m => m.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.StaticKeyword);

    // One part of a partial class says it for all.
    static bool IsOtherPart(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.PartialKeyword) && s_closedParts.Value.Contains(type.Identifier.Text);

    static readonly Lazy<HashSet<string>> s_closedParts = new(() =>
    [
        .. Repository.Source.SelectMany(f => f.All<TypeDeclarationSyntax>())
            .Where(type => type.Modifiers.Any(SyntaxKind.PartialKeyword) && IsClosed(type))
            .Select(type => type.Identifier.Text),
    ]);

    static IEnumerable<Finding> MachinePaths(SourceFile file) => file.Lines.Index()
        .Where(line => MachinePath().IsMatch(line.Item))
        .Select(line => file.At(line.Index + 1, "a path of one machine",
            "say it from the repository's root, or ask the environment"));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex PutOff();

    [GeneratedRegex(@"^(if|for|foreach|while|switch|using|lock) ?\(.*\)$")]
    private static partial Regex BlockHead();

    // At the start of a path: neither inside a longer one nor inside an address.
    [GeneratedRegex(@"(?<![\w.}/-])/(work|root|Users|tmp/wt)/\w")]
    private static partial Regex MachinePath();
}
