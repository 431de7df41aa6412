using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>
/// What Kernels alone may do, and what it may not. Portable <c>Vector&lt;T&gt;</c> is the notation of formulas and
/// welcome everywhere, as are the casts of MemoryMarshal that check their bounds; memory that nothing checks and one
/// machine's instructions stay in Kernels.
/// </summary>
public sealed class KernelsTest
{
    // Kernels are shared out among threads in the one; in the other a whole training runs on a thread of its own,
    // beside whoever shows its progress. Whoever waits for another process starts no thread, but lets others run.
    static readonly string[] s_threaded = ["src/ChainRule/Kernels/ForRows.cs",
        "src/ChainRule/Training/Trainer.Async.cs", "src/ChainRule/Distributed/Patience.cs"];

    static readonly string[] s_threads = ["Parallel", "Thread", "ThreadPool", "Task", "ValueTask", "Timer",
        "ParallelEnumerable", "AsParallel"];
    static readonly string[] s_unchecked = ["Unsafe", "NativeMemory"];
    static readonly string[] s_uncheckedCasts = ["GetReference", "GetArrayDataReference", "CreateSpan",
        "CreateReadOnlySpan"];
    static readonly string[] s_linq = ["System.Linq.Enumerable", "System.Linq.ParallelEnumerable"];

    [Fact]
    public void Threads_stand_where_they_are_known() => Finding.None(Repository.Library.SelectMany(Threading));

    [Fact]
    public void A_thread_elsewhere_is_seen() => Finding.Only(Threading(new("src/ChainRule/Ops/Sample.cs", """
        class Sample
        {
            void A() => Parallel.For(0, 8, i => { });
            void B() => Task.Run(A);
            async void C() { }
            [ThreadStatic] static int s_depth;
            void D() => System.Threading.ThreadPool.QueueUserWorkItem(_ => { });
        }
        """)), "src/ChainRule/Ops/Sample.cs:3", "src/ChainRule/Ops/Sample.cs:4", "src/ChainRule/Ops/Sample.cs:5",
            "src/ChainRule/Ops/Sample.cs:7");

    [Fact]
    public void Unchecked_memory_and_machine_instructions_stand_in_Kernels() =>
        Finding.None(Repository.Library.SelectMany(Unchecked));

    [Fact]
    public void Unchecked_memory_elsewhere_is_seen() => Finding.Only(Unchecked(new("src/ChainRule/Engine/Sample.cs", """
        using System.Runtime.Intrinsics;
        class Sample
        {
            unsafe void A() { }
            T B<T>(object x) => Unsafe.As<T>(x);
            ref int C(Span<int> x) => ref MemoryMarshal.GetReference(x);
            Span<float> D(Span<byte> x) => MemoryMarshal.Cast<byte, float>(x);
            Vector<float> E => Vector<float>.One;
            Vector256<float> F => default;
        }
        """)), "src/ChainRule/Engine/Sample.cs:1", "src/ChainRule/Engine/Sample.cs:4",
        "src/ChainRule/Engine/Sample.cs:5", "src/ChainRule/Engine/Sample.cs:6", "src/ChainRule/Engine/Sample.cs:9");

    [Fact]
    public void No_delegate_stands_in_Kernels() => Finding.None(Repository.Library.SelectMany(Delegates));

    [Fact]
    public void A_delegate_in_Kernels_is_seen() =>
        Finding.Only(Delegates(new("src/ChainRule/Kernels/Sample.cs",
            "class Sample\n{\n    Func<float, float>? _f;\n    void A(Action b) { }\n}")),
            "src/ChainRule/Kernels/Sample.cs:3", "src/ChainRule/Kernels/Sample.cs:4");

    [Fact]
    public void No_linq_stands_in_Kernels_or_in_an_op() =>
        Finding.None(Repository.Library.SelectMany(f => Linq(Compiler.Library, f)));

    [Fact]
    public void Linq_in_an_op_is_seen_and_beside_it_is_not()
    {
        SourceFile file = new("src/ChainRule/Ops/Sample.cs", """
            struct Sample
            {
                int Forward(int[] x) => x.Sum();
            }
            class Beside
            {
                int[] Axes(int[] x) => x.Select(a => a + 1).ToArray();
            }
            """);
        Finding.Only(Linq(Compiler.Compile("ChainRule", [file.Tree]), file), "src/ChainRule/Ops/Sample.cs:3");
    }

    static IEnumerable<Finding> Threading(SourceFile file)
    {
        if (s_threaded.Contains(file.Path)) return [];
        var names = file.All<SimpleNameSyntax>().Where(n => s_threads.Contains(n.Identifier.Text))
            .Select(n => n.GetLocation());
        var words = file.Tree.GetRoot().DescendantTokens().Where(t => t.IsKind(SyntaxKind.AsyncKeyword))
            .Select(t => t.GetLocation());
        return names.Concat(words).Select(place => file.At(place, "a thread outside Kernels/ForRows.cs",
            "split the rows of an output with ForRows.Run, or do it on the caller's thread"));
    }

    static IEnumerable<Finding> Unchecked(SourceFile file)
    {
        // Processes share bytes, not objects: what they map, and what a library of C sends, is reached by its address.
        if (file.Room is "Kernels" or "Distributed") return [];
        var words = file.Tree.GetRoot().DescendantTokens()
            .Where(t => t.Kind() is SyntaxKind.UnsafeKeyword or SyntaxKind.FixedKeyword).Select(t => t.GetLocation());
        var names = file.All<SimpleNameSyntax>().Where(IsUnchecked).Select(n => n.GetLocation());
        return words.Concat(names).Select(
            place => file.At(place, "unchecked memory or one machine's instructions outside Kernels",
            "write it with spans, casts and Vector<T>, or move the loop into Kernels"));
    }

    static bool IsUnchecked(SimpleNameSyntax name) => name.Identifier.Text switch
    {
        "Intrinsics" or "Vector64" or "Vector128" or "Vector256" or "Vector512" => true,
        var text when s_uncheckedCasts.Contains(text) =>
            name.Parent is MemberAccessExpressionSyntax { Expression: var on }
                && on.ToString().EndsWith("MemoryMarshal", StringComparison.Ordinal),
        var text => s_unchecked.Contains(text),
    };

    static IEnumerable<Finding> Delegates(SourceFile file) => file.Room != "Kernels" ? [] : file.All<SimpleNameSyntax>()
        .Where(n => n.Identifier.Text is "Func" or "Action" or "Predicate" or "Comparison")
        .Select(n => file.At(n, $"a {n.Identifier.Text} in Kernels",
            "pass a struct that implements an interface: the compiler writes its loop out"));

    static IEnumerable<Finding> Linq(CSharpCompilation compilation, SourceFile file)
    {
        if (file.Room is not ("Kernels" or "Ops")) return [];
        var model = compilation.GetSemanticModel(file.Tree);
        return file.All<InvocationExpressionSyntax>()
            .Where(call => file.Room == "Kernels"
                || call.FirstAncestorOrSelf<TypeDeclarationSyntax>() is StructDeclarationSyntax)
            .Where(call => s_linq.Contains(model.GetSymbolInfo(call).Symbol?.ContainingType?.ToDisplayString()))
            .Select(call => file.At(call, "LINQ where numbers are computed",
                "write the loop, or call TensorPrimitives"));
    }
}
