using System.Collections.Concurrent;
using System.Text.Json;

namespace ChainRule.Tests;

/// <summary>
/// Numbers recorded from PyTorch: <c>tests/Golden/*.json</c>, each written by the script beside it, whose first lines
/// say what its fields mean.
/// </summary>
/// <example>
/// <code>
/// public static TheoryData&lt;string&gt; Cases => Golden.Names("ops", "softmax", "log_softmax");
///
/// [Theory, MemberData(nameof(Cases))]
/// public void Softmax_equals_the_recording(string name) { var golden = Golden.Case("ops", name); … }
/// </code>
/// </example>
static class Golden
{
    static readonly ConcurrentDictionary<string, GoldenCase[]> s_files = new();

    /// <summary>The cases of a file, all of them or those of the named operations, in the order of recording.</summary>
    public static IReadOnlyList<GoldenCase> Cases(string file, params string[] ops)
    {
        var all = s_files.GetOrAdd(file, Read);
        if (ops.Length == 0)
            return all;
        foreach (string op in ops)
            if (!Array.Exists(all, one => one.Op == op))
                throw new ArgumentException($"{file}.json has no case of '{op}'; it has "
                    + $"{string.Join(", ", all.Select(one => one.Op).Distinct())}");
        return [.. all.Where(one => ops.Contains(one.Op))];
    }

    /// <summary>The one case of that name; names are unique in a file.</summary>
    public static GoldenCase Case(string file, string name) =>
        s_files.GetOrAdd(file, Read).SingleOrDefault(one => one.Name == name)
        ?? throw new ArgumentException($"{file}.json has no case named '{name}'");

    /// <summary>Theory data: the names of <see cref="Cases"/>, so that each case is a test of its own.</summary>
    public static TheoryData<string> Names(string file, params string[] ops) =>
        [.. Cases(file, ops).Select(one => one.Name)];

    static GoldenCase[] Read(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", file + ".json");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"golden '{file}': no file {path}; tests/Golden/record_{file}.py writes it");
        using var stream = File.OpenRead(path);
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(one => new GoldenCase(one.Clone()))];
    }
}
