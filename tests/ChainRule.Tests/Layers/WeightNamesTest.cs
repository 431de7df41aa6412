namespace ChainRule.Tests.Layers;

using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;

public sealed class WeightNamesTest
{
    static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    static readonly JsonElement[] s_cases = [.. JsonDocument.Parse(
        File.ReadAllText(Path.Combine(s_folder, "weights.json"))).RootElement.EnumerateArray()];

    static Tensor Recorded(JsonElement x) => Tensor.From(
        x.GetProperty("numbers").EnumerateArray().Select(one => (float)one.GetDouble()).ToArray(),
        [.. x.GetProperty("shape").EnumerateArray().Select(one => one.GetInt32())]);

    sealed class Recurrent : Module
    {
        public Lstm Lstm { get; } = new(4, 3, new TorchRandom(1), new() { Layers = 2, Bidirectional = true });

        public Gru Gru { get; } = new(6, 5, new TorchRandom(1));

        public MultiHeadAttention Attention { get; } = new(5, 1, new TorchRandom(1));

        public Linear Head { get; } = new(5, 2, new TorchRandom(1));

        protected override Tensor Compute(Tensor x) =>
            Head.Forward(Attention.Forward(Gru.Forward(Lstm.Forward(x))));
    }

    static Module Made(JsonElement recorded)
    {
        var rng = new TorchRandom(2);
        return recorded.GetProperty("names").GetString() switch
        {
            "encoder" => new TransformerEncoderLayer(6, 2, rng, new()
            {
                DimFeedforward = 10, Gelu = recorded.GetProperty("gelu").GetBoolean(),
                NormFirst = recorded.GetProperty("norm_first").GetBoolean(),
            }),
            "sequential" => new Sequential(new Conv2d(2, 3, 3, rng), new BatchNorm(3, axis: 1), new Relu(),
                new Flatten(), new Linear(27, 4, rng)),
            _ => new Recurrent(),
        };
    }

    public static TheoryData<string> Files =>
        [.. s_cases.Where(one => one.TryGetProperty("output", out _))
            .Select(one => one.GetProperty("file").GetString()!)];

    /// <summary>Networks of torch's own layers: tests/Golden/record_weights.py.</summary>
    [Theory, MemberData(nameof(Files))]
    public void A_network_of_torch_computes_what_it_computed_there(string file)
    {
        var recorded = s_cases.Single(one => one.GetProperty("file").GetString() == file);
        var model = Made(recorded);
        var state = WeightFile.Tensors(Path.Combine(s_folder, "weights", file)).ToDictionary();
        var report = WeightNames.Same.Load(model, state);
        Assert.Equal(state.Keys.Where(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal)),
            report.Ignored);
        model.Eval();
        Tensor y = model.Forward(Recorded(recorded.GetProperty("input"))),
            expected = Recorded(recorded.GetProperty("output"));
        Assert.Equal(expected.Shape, y.Shape);
        foreach (var (ours, theirs) in y.ToArray<float>().Zip(expected.ToArray<float>()))
            Assert.InRange(Math.Abs(ours - theirs), 0, 1e-5 * Math.Max(1, Math.Abs(theirs)));
        Assert.Equal(state.Keys.Except(report.Ignored).Order(StringComparer.Ordinal),
            WeightNames.Same.StateDict(model).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tensors_are_renamed_turned_joined_and_cut()
    {
        var names = WeightNames.Same
            .Join(["a.query", "a.key", "a.value"], "0.weight")
            .Split("biases", ["0.bias", "1.bias"])
            .Transpose("*.kernel", "*.weight")
            .Leave("mask");
        Tensor q = Tensor.From([1f, 2, 3, 4], [2, 2]), k = q + 10, v = q + 20;
        var equal = new Sequential(new Linear(2, 6, new TorchRandom(1)), new Linear(6, 6, new TorchRandom(2)));
        var kernel = Tensor.Randn([6, 6], new TorchRandom(3));
        var report = names.Load(equal, [new("a.value", v), new("a.key", k), new("a.query", q), new("mask", q),
            new("biases", Tensor.Arange(0, 12)), new("1.kernel", kernel)]);
        Assert.Equal(["a.query", "a.key", "a.value", "biases", "1.kernel"], report.Loaded);
        var state = equal.StateDict();
        Assert.Equal([1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24], state["0.weight"].ToArray<float>());
        Assert.Equal([6, 7, 8, 9, 10, 11], state["1.bias"].ToArray<float>());
        Assert.Equal(kernel.T.ToArray<float>(), state["1.weight"].ToArray<float>());
        var back = names.StateDict(equal);
        Assert.Equal(["a.query", "a.key", "a.value", "biases", "1.kernel"], back.Keys);
        Assert.Equal(k.ToArray<float>(), back["a.key"].ToArray<float>());
        Assert.Equal(kernel.ToArray<float>(), back["1.kernel"].ToArray<float>());
        Assert.Equal(Enumerable.Range(0, 12).Select(x => (float)x), back["biases"].ToArray<float>());

        Assert.Equal("load into Sequential: missing 'a.key', 'biases', '1.kernel'; unexpected '5.kernel': give the "
            + "state of a model of the same layers, sizes and type",
            Assert.ThrowsAny<ArgumentException>(() => names.Load(equal,
                [new("a.value", v), new("a.query", q), new("5.kernel", q)])).Message);
        Assert.Equal("load into Sequential: different 'a.query' + 'a.key' + 'a.value' [2, 2] (Float32) for [6, 2] "
            + "(Float32), 'biases' [11] (Float32) for [6] (Float32), '1.kernel' [6, 5] (Float32) for [6, 6] (Float32): "
            + "give the state of a model of the same layers, sizes and type",
            Assert.ThrowsAny<ArgumentException>(() => names.Load(equal, [new("a.value", q.Flatten()),
                new("a.key", k), new("a.query", q), new("biases", Tensor.Arange(0, 11)),
                new("1.kernel", Tensor.Zeros([5, 6]))])).Message);
        Assert.Equal("state by name: '1.weight' [6, 6] is 4 tensors there, and its axis 0 cannot be cut into as "
            + "many equal pieces: give another rule for it",
            Assert.Throws<InvalidOperationException>(() => WeightNames.Same.Join(["a", "b", "c", "d"],
                "1.weight").StateDict(equal)).Message);
    }

    [Fact]
    public void Prefixes_are_dropped_and_added()
    {
        var inner = new Sequential(new Linear(2, 6, new TorchRandom(1)), new Linear(6, 2, new TorchRandom(2)));
        var model = new Residual(inner);
        var names = WeightNames.Same.DropPrefix("module.").AddPrefix("inner.");
        var state = inner.StateDict().ToDictionary(one => $"module.{one.Key}", one => one.Value + 1);
        Assert.True(names.Load(model, state).Complete);
        Assert.Equal(state["module.1.bias"].ToArray<float>(), model.StateDict()["inner.1.bias"].ToArray<float>());
        Assert.Equal("load into Residual: 'inner.0.bias' is given twice: give each name once",
            Assert.ThrowsAny<ArgumentException>(() =>
                names.Load(model, [.. state, new("inner.0.bias", Tensor.Zeros([6]))])).Message);
    }

    [Fact]
    public void Two_stars_stand_for_parts_of_any_number()
    {
        var inner = new Sequential(new Linear(2, 2, new TorchRandom(1)));
        var names = WeightNames.Same.Rename("net.**.w", "inner.**.weight").Rename("net.**", "inner.**");
        var model = new Residual(new Sequential(inner, new Linear(2, 2, new TorchRandom(2))));
        Assert.Equal(["net.0.0.w", "net.0.0.bias", "net.1.w", "net.1.bias"], names.StateDict(model).Keys);
        Assert.True(names.Load(model, names.StateDict(model)).Complete);
    }

    [Theory]
    [InlineData("", "a", "a name is empty or null: give one such as 'layers.*.weight'")]
    [InlineData("a.*", "a", "'a.*' and 'a' do not have the same parts '*' in the same order: give the same in each")]
    [InlineData("a.*", "b.**",
        "'a.*' and 'b.**' do not have the same parts '*' in the same order: give the same in each")]
    [InlineData("**.a.**", "a", "'**.a.**' has '**' twice: give it once")]
    public void Patterns_that_say_nothing_are_refused(string theirs, string ours, string says) =>
        Assert.Equal($"weight names: {says}",
            Assert.ThrowsAny<ArgumentException>(() => WeightNames.Same.Rename(theirs, ours)).Message);
}
