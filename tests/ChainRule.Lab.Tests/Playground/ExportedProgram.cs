using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ChainRule.Lab.Tests.Playground;

/// <summary>Compiles a program that the playground wrote, runs it, and reads what it printed.</summary>
static class ExportedProgram
{
    const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.Linq;";

    static readonly Lock s_console = new();

    static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !path.EndsWith("System.Numerics.Tensors.dll", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    public static (int Step, double Train, double Test)[] Run(string program)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create("exported",
            [CSharpSyntaxTree.ParseText(program, options), CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            s_references, new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity > 0)) + program);
        lock (s_console)
        {
            var before = Console.Out;
            using var said = new StringWriter(CultureInfo.InvariantCulture);
            Console.SetOut(said);
            try
            {
                Assembly.Load(image.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
            }
            finally
            {
                Console.SetOut(before);
            }
            return [.. from text in said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                       let fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                       select (int.Parse(fields[0], CultureInfo.InvariantCulture),
                           double.Parse(fields[1], CultureInfo.InvariantCulture),
                           double.Parse(fields[2], CultureInfo.InvariantCulture))];
        }
    }
}
