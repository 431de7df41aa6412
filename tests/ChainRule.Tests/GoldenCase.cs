using System.Text.Json;

namespace ChainRule.Tests;

/// <summary>A recorded tensor, row-major.</summary>
sealed record GoldenTensor(int[] Shape, double[] Data);

/// <summary>Recorded integers: classes, rows, indices, or a mask of zeros and ones.</summary>
sealed record GoldenIds(int[] Shape, int[] Data);

/// <summary>
/// One recorded case, or one step of a case that has several. What the recording lacks is an empty collection or null;
/// only <see cref="Output"/> must be there when it is asked for.
/// </summary>
sealed class GoldenCase(JsonElement json)
{
    public string Op => json.GetProperty("op").GetString()!;
    public string Name => json.GetProperty("name").GetString()!;

    /// <summary>The settings, such as <c>axis</c>; read them by <see cref="Int(string)"/> and its siblings.</summary>
    public JsonElement Args => json.GetProperty("args");

    public IReadOnlyList<GoldenTensor> Inputs => [.. List("inputs").Select(one => Tensor(one)!)];
    public GoldenIds? Ids => Integers("ids");

    /// <summary>The classes that a whole network's loss is taken against.</summary>
    public GoldenIds? Targets => Integers("targets");

    public GoldenTensor Output =>
        Field("output") is { } y ? Tensor(y)!
            : throw new InvalidOperationException($"golden '{this}': no output was recorded");

    /// <summary>
    /// The dy that backward began with: the gradients are those of Σ output · upstream. Null where only the
    /// output was recorded.
    /// </summary>
    public GoldenTensor? Upstream => Field("upstream") is { } dy ? Tensor(dy) : null;

    /// <summary>
    /// One gradient an input, null for an input that was held constant; empty where only the output was recorded.
    /// </summary>
    public IReadOnlyList<GoldenTensor?> Grads => [.. List("grads").Select(Tensor)];

    /// <summary>Parameters and buffers by name, in the order of PyTorch's state_dict.</summary>
    public IReadOnlyList<KeyValuePair<string, GoldenTensor>> State => Named("state");

    /// <summary>The parameters' gradients by name, in the same order.</summary>
    public IReadOnlyList<KeyValuePair<string, GoldenTensor>> StateGrads => Named("state_grads");

    public IReadOnlyList<GoldenCase> Steps => [.. List("steps").Select(one => new GoldenCase(one))];

    /// <summary>
    /// True where PyTorch's own float32 strays from its float64 by more than 1e-5: compare in float64 alone.
    /// </summary>
    public bool Float64Only => Flag("float64_only", false);

    public bool Has(string arg) => Args.TryGetProperty(arg, out _);

    public int Int(string arg) => Arg(arg).GetInt32();
    public int Int(string arg, int absent) => Has(arg) ? Int(arg) : absent;
    public int[] Ints(string arg) => [.. Arg(arg).EnumerateArray().Select(one => one.GetInt32())];
    public int[] Ints(string arg, int[] absent) => Has(arg) ? Ints(arg) : absent;
    public double Number(string arg) => Number(Arg(arg));
    public double Number(string arg, double absent) => Has(arg) ? Number(arg) : absent;
    public bool Flag(string arg) => Arg(arg).GetBoolean();
    public bool Flag(string arg, bool absent) => Has(arg) ? Flag(arg) : absent;
    public string Text(string arg) => Arg(arg).GetString()!;
    public string Text(string arg, string absent) => Has(arg) ? Text(arg) : absent;

    public override string ToString() =>
        json.TryGetProperty("name", out var name) ? name.GetString()! : Args.ToString();

    JsonElement Arg(string name) =>
        Args.TryGetProperty(name, out var value) ? value
            : throw new ArgumentException($"golden '{this}': no argument '{name}'; it has {Args}");

    JsonElement? Field(string name) => json.TryGetProperty(name, out var field) ? field : null;

    JsonElement[] List(string name) => Field(name) is { } field ? [.. field.EnumerateArray()] : [];

    KeyValuePair<string, GoldenTensor>[] Named(string name) =>
        Field(name) is { } field
            ? [.. field.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, Tensor(one.Value)!))] : [];

    GoldenIds? Integers(string name) =>
        Field(name) is { } field
            ? new(Shape(field), [.. field.GetProperty("data").EnumerateArray().Select(one => one.GetInt32())]) : null;

    static GoldenTensor? Tensor(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? null
            : new(Shape(json), [.. json.GetProperty("data").EnumerateArray().Select(Number)]);

    static int[] Shape(JsonElement json) =>
        [.. json.GetProperty("shape").EnumerateArray().Select(one => one.GetInt32())];

    static double Number(JsonElement json) =>
        json.ValueKind != JsonValueKind.String ? json.GetDouble() : json.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new FormatException($"golden: '{other}' is not a number"),
    };
}
