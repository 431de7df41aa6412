using System.Text.Json;

namespace ChainRule.Tests.Randomness;

/// <summary>
/// What tests/Golden/record_random.py wrote down: streams of calls and what torch, Python and NumPy answered.
/// </summary>
sealed record RecordedStreams(
    double[] Weights, RecordedStream[] Torch, RecordedStream[] Python, RecordedStream[] Numpy, RecordedMoons Moons,
    string NormalsSha256)
{
    static readonly JsonSerializerOptions s_options = new() { PropertyNameCaseInsensitive = true };

    public static RecordedStreams All { get; } = JsonSerializer.Deserialize<RecordedStreams>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "random.json")), s_options)!;

    public IEnumerable<RecordedStream> TorchNamed(string name) => Torch.Where(stream => stream.Name == name);
}

sealed record RecordedStream(string? Name, long Seed, RecordedCall[] Calls);

sealed record RecordedMoons(double[] Points, int[] Labels);

sealed record RecordedCall(string What, int N, string? DType, double A, double B, JsonElement Out, string? State)
{
    public double[] Doubles => Out.Deserialize<double[]>()!;

    public float[] Floats => Array.ConvertAll(Doubles, x => (float)x);

    public long[] Longs => Out.Deserialize<long[]>()!;

    public int[] Ints => Array.ConvertAll(Longs, x => checked((int)x));

    public bool IsDouble => DType == "float64";
}
