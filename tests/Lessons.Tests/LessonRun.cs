using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using ChainRule.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lessons.Tests;

/// <summary>How a lesson ended, and what it said.</summary>
sealed record LessonRun(int Code, string Output, string Errors)
{
    // A test waits for the end of a lesson, however loaded the machine is; what is not done by then hangs.
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    // What <ImplicitUsings> gives a lesson.
    const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    static readonly CSharpParseOptions s_language = new(LanguageVersion.Preview);

    static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    // By its text: a lesson is run with one set of arguments after the other.
    static readonly ConcurrentDictionary<string, byte[]> s_compiled = [];

    /// <summary>
    /// Compiles the lesson into this process and runs it in a folder, with <c>--quick</c> unless other arguments are
    /// given. Warnings are errors, as they are for <c>dotnet run</c>.
    /// </summary>
    public static LessonRun Here(string path, string folder, params string[] args)
    {
        // What #: lines ask the SDK for, these tests reference.
        string program = string.Join('\n',
            File.ReadAllLines(path).Select(line => line.StartsWith("#:", StringComparison.Ordinal) ? "" : line));
        using var image = new MemoryStream(s_compiled.GetOrAdd(program, _ => Compiled(path, program)));
        var loaded = new AssemblyLoadContext("Lesson", isCollectible: true);
        string before = Directory.GetCurrentDirectory();
        var (output, errors) = (Console.Out, Console.Error);
        using var said = new StringWriter { NewLine = "\n" };
        using var complained = new StringWriter { NewLine = "\n" };
        try
        {
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(said);
            Console.SetError(complained);
            int code = Run(loaded.LoadFromStream(image).EntryPoint!, args.Length == 0 ? ["--quick"] : args);
            return new(code, said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
            Directory.SetCurrentDirectory(before);
            loaded.Unload();
        }
    }

    static byte[] Compiled(string path, string program)
    {
        var compilation = CSharpCompilation.Create("Lesson",
            [CSharpSyntaxTree.ParseText(program, s_language, path),
                CSharpSyntaxTree.ParseText(ImplicitUsings, s_language)], s_references,
            new(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error));
        using var image = new MemoryStream();
        var built = compilation.Emit(image);
        Assert.True(built.Success, $"{Path.GetFileName(path)} does not "
            + $"compile:\n{string.Join('\n', built.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))}");
        return image.ToArray();
    }

    /// <summary>What a learner does: <c>dotnet run lessons/NN-name.cs -- --quick</c>.</summary>
    public static LessonRun ByDotnet(string path, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["run", path, "--", "--quick"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet run {Path.GetFileName(path)} still runs after {s_limit}");
        }
        return new(process.ExitCode, said.Result, complained.Result);
    }

    // The data that other tests find beside the checkout, a lesson finds by the variable that names their folder.
    static int Run(MethodInfo main, string[] args)
    {
        const string Variable = "CHAINRULE_DATA";
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (RealData.Folder is { } data) Environment.SetEnvironmentVariable(Variable, data);
        try
        {
            object? end = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null,
                main.GetParameters().Length == 0 ? null : [args], null);
            return end is int code ? code : 0;
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, named);
        }
    }
}
