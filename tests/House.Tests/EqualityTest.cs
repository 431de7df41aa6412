using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace House.Tests;

/// <summary>
/// <c>==</c> on tensors compares handles, where <c>+ − · /</c> work number by number: the compiler says
/// so to who writes it.
/// </summary>
public sealed class EqualityTest
{
    [Theory]
    [InlineData("a == b")]
    [InlineData("a != b")]
    public void The_compiler_warns_of_comparing_handles(string comparison)
    {
        var warning = Assert.Single(Warnings(comparison));
        Assert.Equal("CS0618", warning.Id);
        string says = warning.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("a.IsSame(b) asks whether both are the same tensor", says, StringComparison.Ordinal);
        Assert.Contains("a.EqualTo(b) and a.NotEqualTo(b) give 1 where numbers are equal, or differ, and 0 elsewhere",
            says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.IsSame(b)")]
    [InlineData("a.Equals(b)")]
    [InlineData("a.EqualTo(b).Exists")]
    [InlineData("a.Shape == b.Shape")]
    public void It_is_silent_where_it_is_said_what_is_meant(string comparison) => Assert.Empty(Warnings(comparison));

    static Diagnostic[] Warnings(string comparison)
    {
        string program = $"using ChainRule; static class Use {{ static bool Of(Tensor a, Tensor b) => {comparison}; }}";
        var all = Compiler.Compile("Use", [CSharpSyntaxTree.ParseText(program, SourceFile.Language)]).GetDiagnostics();
        return [.. all.Where(d => d.Severity is DiagnosticSeverity.Warning or DiagnosticSeverity.Error)];
    }
}
