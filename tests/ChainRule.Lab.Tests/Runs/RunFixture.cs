using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;
using ChainRule.Tests;

namespace ChainRule.Lab.Tests.Runs;

/// <summary>A folder of runs that were written by a test, a cache beside it, and an index over it.</summary>
sealed class RunFixture : IDisposable
{
    readonly TemporaryFolder _folder = new();
    RunIndex? _index;
    RunsSession? _session;

    readonly string? _elsewhere;

    public RunFixture() => Directory.CreateDirectory(Root);

    /// <summary>Runs in a folder that somebody else has, and deletes.</summary>
    public RunFixture(string elsewhere) => _elsewhere = elsewhere;

    public string Root => _elsewhere ?? _folder.PathOf("runs");

    public string Cache => _folder.PathOf("cache");

    public RunIndex Index
    {
        get
        {
            _index ??= new(Root, Cache);
            Assert.True(_index.Ready.Wait(TimeSpan.FromSeconds(30)));
            return _index;
        }
    }

    public RunsSession Session
    {
        get
        {
            _session ??= new(Root, Cache, run => $"started {Path.GetFileName(run.FullPath)}");
            Assert.True(_session.Index.Ready.Wait(TimeSpan.FromSeconds(30)));
            return _session;
        }
    }

    public string PathOf(string id) => Path.Combine(Root, id);

    /// <summary>Of three workers, the last of which is lost before the second line, and the second then slow.</summary>
    public const string Workers = $$"""
        {"step":10,"workers":[{{Worker}},{{Worker}},{{Worker}}]}
        {"step":20,"workers":[{"computing":0.02,"waiting":0.03,"sent":2e6},{"computing":0.05,"waiting":0,"sent":2e6}]}

        """;

    const string Worker = """{"computing":0.01,"waiting":0.004,"sent":1e6}""";

    public void Write(string id, string file, string text)
    {
        Directory.CreateDirectory(PathOf(id));
        File.WriteAllText(Path.Combine(PathOf(id), file), text);
    }

    /// <summary>A run of some losses.</summary>
    public void Run(string id, string model = "mlp", int seed = 1, double width = 8, params double[] losses)
    {
        Write(id, "run.json", string.Create(CultureInfo.InvariantCulture, $$$"""
            {"model":"{{{model}}}","options":"{\"Width\":{{{width}}},\"Norm\":true}","data":"/a/b/names.txt",
             "dataSha256":"0123456789","seed":{{{seed}}},"steps":100,"kind":"names",
             "training":{"batchSize":32,"learningRate":0.1,"optimizer":"adamw","clipNorm":null}}
            """));
        if (losses.Length > 0) Write(id, "metrics.jsonl", Lines(losses));
    }

    public static string Lines(params double[] losses) => string.Concat(losses.Select((loss, i) => Line(i * 10, loss)));

    public static string Line(int step, double loss) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"step\":{step},\"trainLoss\":{(step == 0 ? "null" : Said(loss - 0.1))},\"valLoss\":{Said(loss)},"
        + $"\"learningRate\":0.1,\"seconds\":{step * 0.5},\"balanced accuracy\":{Said(1 - loss / 10)}}}\n");

    /// <summary>A new index over the same folder, as after a start.</summary>
    public RunIndex Reopen()
    {
        _index?.Dispose();
        _index = null;
        return Index;
    }

    public TAnswer Ask<TAnswer>(RunsRequest request, JsonTypeInfo<TAnswer> type) => Ask(request, type, out _);

    public TAnswer Ask<TAnswer>(RunsRequest request, JsonTypeInfo<TAnswer> type,
        out Func<NumberBlock, double[]> numbers)
    {
        byte[] bytes = Session.Answer(JsonSerializer.SerializeToUtf8Bytes(request, RunsJson.Default.RunsRequest));
        var (json, start) = LabReply.Read(bytes);
        numbers = block => [.. Enumerable.Range(0, block.Count).Select(i => block.Kind switch
        {
            "uint8" => bytes[start + block.At + i],
            "int32" => BitConverter.ToInt32(bytes, start + block.At + 4 * i),
            _ => BitConverter.ToDouble(bytes, start + block.At + 8 * i),
        })];
        return JsonSerializer.Deserialize(json.Span, type)!;
    }

    /// <summary>Waits until something is so, which the index finds out by itself.</summary>
    public static void Until(Func<bool> isSo)
    {
        for (int i = 0; i < 500 && !isSo(); i++) Thread.Sleep(20);
        Assert.True(isSo());
    }

    public void Dispose()
    {
        _session?.Dispose();
        _index?.Dispose();
        _folder.Dispose();
    }

    static string Said(double x) => double.IsFinite(x) ? x.ToString("R", CultureInfo.InvariantCulture)
        : $"\"{x.ToString(CultureInfo.InvariantCulture)}\"";
}
