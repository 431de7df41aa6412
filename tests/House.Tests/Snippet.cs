using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>A program in a document: compiled against the library and run.</summary>
static class Snippet
{
    // A process has one console, and xunit runs the classes of tests side by side.
    static readonly Lock s_console = new();

    /// <summary>
    /// The program with its types after its statements, as C# wants them: on a page, a type stands
    /// where it is explained.
    /// </summary>
    public static string Ordered(string program)
    {
        var root = CSharpSyntaxTree.ParseText(program, SourceFile.Language).GetCompilationUnitRoot();
        if (root.Members.SkipWhile(member => member is GlobalStatementSyntax)
            .All(member => member is not GlobalStatementSyntax)) return program;
        string usings = string.Concat(root.Usings.Select(u => u.ToFullString()));
        return usings
            + string.Concat(root.Members.OrderBy(member => member is not GlobalStatementSyntax)
                .Select(member => member.ToFullString()));
    }

    /// <summary>What the program prints.</summary>
    public static string Run(string program)
    {
        program = Ordered(program);
        var compilation = Compiler.Compile("Snippet", [CSharpSyntaxTree.ParseText(program, SourceFile.Language)],
            OutputKind.ConsoleApplication);
        using var image = new MemoryStream();
        var built = compilation.Emit(image);
        Assert.True(built.Success,
            $"the program does not compile:\n{string.Join('\n', Compiler.Errors(compilation))}\n\n{program}");

        image.Position = 0;
        var main = new AssemblyLoadContext("Snippet").LoadFromStream(image).EntryPoint!;
        lock (s_console) return Printed(main);
    }

    static string Printed(MethodInfo main)
    {
        var console = Console.Out;
        using var printed = new StringWriter { NewLine = "\n" };
        Console.SetOut(printed);
        try
        {
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null,
                main.GetParameters().Length == 0 ? null : [Array.Empty<string>()], null);
        }
        finally
        {
            Console.SetOut(console);
        }
        return printed.ToString();
    }
}
