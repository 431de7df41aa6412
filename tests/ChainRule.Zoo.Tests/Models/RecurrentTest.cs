using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

/// <summary>What the models of an RNN, a GRU and an LSTM do alike.</summary>
public sealed class RecurrentTest
{
    public static TheoryData<string> Kinds => ["rnn", "gru", "lstm"];

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases(["rnn", "gru", "lstm"], "models");

    [Theory, MemberData(nameof(Recorded))]
    public void Loss_and_gradients_equal_the_recording(string name, DType dtype) => GoldenLayers.Replay(
        name, dtype, golden => Make(golden.Op, new(6, golden.Int("width"), golden.Int("hidden")), 5), "models");

    [Theory]
    [InlineData("rnn", 11_803)]
    [InlineData("gru", 28_315)]
    [InlineData("lstm", 36_763)]
    public void They_have_the_parameters_of_makemore(string kind, int count) =>
        Assert.Equal(count, Make(kind, new(), 27).ParameterCount);

    [Theory, MemberData(nameof(Kinds))]
    public void Gradients_are_right(string kind)
    {
        var model = Make(kind, new(4, 2, 3), 5);
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 3, 1, 4, 2, 2], [2, 3]), Ids.From([3, 1, 0, 2, 1, -1], [2, 3]));
        GradCheck.Require(kind, () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_reader_hands_its_state_on_for_ever(string kind)
    {
        var model = Make(kind, new(4, 3, 5), 7);
        Reading.Agrees(model, 7, 20, null, _ => 0);
        Reading.AgreesInOneGo(model, 7, 6, 12);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_size_below_one_is_one_sentence(string kind)
    {
        foreach (var (options, setting) in new (RecurrentModelOptions, string)[]
            { (new(Context: 0), "context 0"), (new(Width: 0), "width 0"), (new(Hidden: -1), "hidden -1") })
            Assert.Equal($"{kind}: {setting}: give a whole number from 1 to 65,536",
                Assert.ThrowsAny<ArgumentException>(() => Make(kind, options, 27)).Message);
    }

    [Fact]
    public void Its_tensors_have_names_and_begin_as_torch_begins_them()
    {
        var rng = new TorchRandom(3);
        var (tokens, state, head) = (Tensor.Randn([27, 64], rng), new ChainRule.Layers.Linear(128, 64, rng),
            new ChainRule.Layers.Linear(64, 27, rng));
        var model = new RnnModel(new(), 27, new TorchRandom(3)).StateDict();
        Assert.Equal(["start", "tokens.weight", "cell.state.weight", "cell.state.bias", "head.weight", "head.bias"],
            model.Keys);
        Assert.All(model["start"].ToArray<float>(), x => Assert.Equal(0f, x));
        Assert.Equal(tokens.ToArray<float>(), model["tokens.weight"].ToArray<float>());
        Assert.Equal(state.Weight.ToArray<float>(), model["cell.state.weight"].ToArray<float>());
        Assert.Equal(head.Bias!.Value.ToArray<float>(), model["head.bias"].ToArray<float>());
    }

    [Fact]
    public void It_sees_the_past_and_never_the_future()
    {
        var model = new GruModel(new(4, 3, 5), 7, new TorchRandom(1));
        float[] one = model.Forward(Ids.From([1, 2, 3, 4], [1, 4])).Slice(1, 0, 3).ToArray<float>();
        Assert.Equal(one, model.Forward(Ids.From([1, 2, 3, 6], [1, 4])).Slice(1, 0, 3).ToArray<float>());
        Assert.NotEqual(one, model.Forward(Ids.From([0, 2, 3, 4], [1, 4])).Slice(1, 0, 3).ToArray<float>());
    }

    static LanguageModel Make(string kind, RecurrentModelOptions options, int vocabulary) => kind switch
    {
        "rnn" => new RnnModel(options, vocabulary, new TorchRandom(1)),
        "gru" => new GruModel(options, vocabulary, new TorchRandom(1)),
        _ => new LstmModel(options, vocabulary, new TorchRandom(1)),
    };
}
