using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace House.Tests;

/// <summary>Source as the compiler understands it: which name means what.</summary>
static class Compiler
{
    // What <ImplicitUsings> gives every project.
    const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    /// <summary>Every assembly that this process could load, the library among them.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The library's own source.</summary>
    public static CSharpCompilation Library { get; } = Compile("ChainRule", Repository.Library.Select(f => f.Tree));

    public static CSharpCompilation Compile(string name, IEnumerable<SyntaxTree> trees,
        OutputKind kind = OutputKind.DynamicallyLinkedLibrary) =>
        CSharpCompilation.Create(name,
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, SourceFile.Language)),
            References.Where(r => Path.GetFileNameWithoutExtension(r.Display) != name),
            new CSharpCompilationOptions(kind, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>What keeps it from compiling, a line each.</summary>
    public static IEnumerable<string> Errors(CSharpCompilation compilation) =>
        compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString());
}
