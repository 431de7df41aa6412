using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>
/// Which room may lean on which. Asked of the compiler, not of using lines: Engine and Ops share a namespace, and an
/// operator or an inferred type is a dependency that no using line shows.
/// </summary>
public sealed class FloorsTest
{
    // A partial method whose other part a source generator writes: its name is understood all the same.
    const string GeneratedPart = "CS8795";

    // Two rooms of one namespace: Tensor is one partial class, whose methods stand beside their formulas.
    static readonly string[] s_root = ["Engine", "Ops"];

    [Fact]
    public void The_library_compiles_here_so_that_every_name_is_understood() =>
        Assert.DoesNotContain(Compiler.Errors(Compiler.Library),
            error => !error.Contains(GeneratedPart, StringComparison.Ordinal));

    [Fact]
    public void Every_room_imports_the_rooms_below_it_alone() =>
        Finding.None(Repository.Library.SelectMany(f => Imports(Compiler.Library, f)));

    [Fact]
    public void An_import_from_above_is_seen_with_and_without_a_using_line()
    {
        SourceFile[] files =
        [
            new("src/ChainRule/Engine/Number.cs", """
                namespace ChainRule;
                public partial class Number
                {
                    Number Twice => this + this;
                    object Adam => new Optim.Adam();
                }
                """),
            new("src/ChainRule/Ops/Number.cs", """
                namespace ChainRule;
                public partial class Number { public static Number operator +(Number a, Number b) => a; }
                """),
            new("src/ChainRule/Optim/Adam.cs", """
                using ChainRule;
                namespace ChainRule.Optim;
                class Adam { static Number Sum(Number a) => a + a; }
                """),
        ];
        var compilation = Compiler.Compile("ChainRule", files.Select(f => f.Tree));
        Assert.Empty(Compiler.Errors(compilation));
        Finding.Only(files.SelectMany(f => Imports(compilation, f)), "src/ChainRule/Engine/Number.cs:4",
            "src/ChainRule/Engine/Number.cs:5");
    }

    [Fact]
    public void Every_room_of_the_library_has_its_place() => Finding.None(Repository.Library
        .Where(f => !Rooms.Library.ContainsKey(f.Room))
        .Select(f => f.At(1, $"room '{f.Room}' stands on no floor",
            $"put the file into {string.Join(", ", Rooms.Library.Keys)}, or give the room its row in "
                + "tests/House.Tests/Rooms.cs")));

    [Fact]
    public void Every_project_references_the_projects_below_it_alone() =>
        Finding.None(Repository.Files
            .Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal)
                && f.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .SelectMany(References));

    [Fact]
    public void A_project_that_references_another_room_is_seen()
    {
        const string Reference = "<Project><ItemGroup>\n<ProjectReference "
            + "Include=\"../ChainRule.Zoo/ChainRule.Zoo.csproj\" />\n</ItemGroup></Project>";
        Finding.Only(References(new("src/ChainRule.Pictures/ChainRule.Pictures.csproj", Reference)),
            "src/ChainRule.Pictures/ChainRule.Pictures.csproj:2");
        Finding.Only(References(new("src/ChainRule.Cli/ChainRule.Cli.csproj", Reference)));
    }

    [Fact]
    public void The_folder_is_the_namespace() => Finding.None(Repository.Source.SelectMany(Misplaced));

    [Fact]
    public void A_namespace_that_is_not_the_folder_is_seen() =>
        Finding.Only(Misplaced(new("src/ChainRule/Layers/Linear.cs", "\nnamespace ChainRule;\nclass Linear;")),
            "src/ChainRule/Layers/Linear.cs:2");

    static IEnumerable<Finding> Imports(CSharpCompilation compilation, SourceFile file)
    {
        if (!Rooms.Library.TryGetValue(file.Room, out string[]? below)) yield break;
        var model = compilation.GetSemanticModel(file.Tree);
        foreach (var node in file.All<ExpressionSyntax>())
        {
            var symbol = model.GetSymbolInfo(node).Symbol;
            if (symbol is null or INamespaceSymbol) continue;
            // A partial class belongs to each room that holds a part of it.
            string[] rooms =
                [.. symbol.OriginalDefinition.DeclaringSyntaxReferences.Select(
                    r => SourceFile.RoomOf(r.SyntaxTree.FilePath)).Distinct()];
            if (rooms.Length > 0 && !rooms.Any(room => room == file.Room || below.Contains(room)))
                yield return file.At(node,
                    $"{file.Room} may import {(below.Length == 0 ? "no room" : string.Join(", ", below))}, and "
                        + $"{symbol.Name} stands in {rooms[0]}",
                    $"move the code up to {rooms[0]}, or what it needs down");
        }
    }

    static IEnumerable<Finding> References(SourceFile project) =>
        from reference in XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants("ProjectReference")
        let to = Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'))
        where !Rooms.Projects.TryGetValue(project.Name, out string[]? below) || !below.Contains(to)
        select project.At(((IXmlLineInfo)reference).LineNumber, $"{project.Name} may not reference {to}",
            "move what it needs below, or the code that needs it above");

    static IEnumerable<Finding> Misplaced(SourceFile file)
    {
        string[] folders = file.Path.Split('/')[1..^1];
        if (file.IsLibrary && s_root.Contains(file.Room)) folders = folders[..^1];
        if (folders.Length > 0) folders[0] = Rooms.Namespaces.GetValueOrDefault(folders[0], folders[0]);
        string expected = string.Join('.', folders);
        return file.All<BaseNamespaceDeclarationSyntax>()
            .Where(space => space.Name.ToString() != expected)
            .Select(space => file.At(space, $"namespace {space.Name} in a folder that says {expected}",
                $"name it {expected}, or move the file"));
    }
}
