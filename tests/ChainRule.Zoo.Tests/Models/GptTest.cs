using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class GptTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("gpt", "models");

    [Theory, MemberData(nameof(Recorded))]
    public void Loss_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, Make, "models");

    [Theory]
    [InlineData(GptActivation.Gelu)]
    [InlineData(GptActivation.GeluTanh)]
    [InlineData(GptActivation.Relu)]
    public void Its_gradients_are_right(GptActivation activation)
    {
        var model = new Gpt(new(4, 4, 2, 2, Bias: true, Activation: activation, Start: GptStart.Torch), 5,
            new TorchRandom(1));
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 3, 1, 4, 2, 2], [2, 3]), Ids.From([3, 1, 0, 2, 1, -1], [2, 3]));
        GradCheck.Require("gpt", () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }

    [Fact]
    public void Its_tensors_have_names()
    {
        var model = new Gpt(new(8, 4, 1, 2, Bias: true, TiedHead: false), 5, new TorchRandom(1));
        Assert.Equal(["tokens.weight", "places.weight", "blocks.0.norm1.weight", "blocks.0.norm1.bias",
            "blocks.0.attention.qkv.weight",
            "blocks.0.attention.qkv.bias", "blocks.0.attention.output.weight", "blocks.0.attention.output.bias",
            "blocks.0.norm2.weight",
            "blocks.0.norm2.bias", "blocks.0.up.weight", "blocks.0.up.bias", "blocks.0.down.weight",
            "blocks.0.down.bias", "norm.weight", "norm.bias",
            "head.weight"], model.StateDict().Keys);
        Assert.DoesNotContain("head.weight", new Gpt(new(8, 4, 1, 2), 5, new TorchRandom(1)).StateDict().Keys);
    }

    [Fact]
    public void It_begins_as_gpt2_begins()
    {
        var state = new Gpt(new(Width: 64, Layers: 2, Bias: true), 65, new TorchRandom(1)).StateDict();
        foreach (string name in (string[])["tokens.weight", "places.weight", "blocks.1.attention.qkv.weight",
            "blocks.0.up.weight"])
            Assert.Equal(0.02, state[name].Std().Item(), 0.001);
        foreach (string name in (string[])["blocks.0.attention.output.weight", "blocks.1.down.weight"])
            Assert.Equal(0.01, state[name].Std().Item(), 0.0005);
        Assert.All(state["blocks.0.up.bias"].ToArray<float>(), b => Assert.Equal(0f, b));
        Assert.All(state["norm.weight"].ToArray<float>(), b => Assert.Equal(1f, b));
    }

    [Fact]
    public void It_begins_as_the_lectures_heads_begin_each_by_itself()
    {
        var rng = new TorchRandom(3);
        var (tokens, places) = (Tensor.Randn([65, 64], rng), Tensor.Randn([32, 64], rng));
        // key, query, value of head 0, of head 1, …
        Linear[] first = [.. Enumerable.Range(0, 12).Select(_ => new Linear(64, 16, rng, bias: false))];
        var output = new Linear(64, 64, rng);
        var model = new Gpt(GptOptions.Lecture, 65, new TorchRandom(3));
        Assert.Equal(tokens.ToArray<float>(), model.Tokens.Weight.ToArray<float>());
        Assert.Equal(places.ToArray<float>(), model.Positions.Weight.ToArray<float>());
        var expected = Tensor.Concat(0,
            [.. from part in (int[])[1, 0, 2] from head in Enumerable.Range(0,
                4) select first[3 * head + part].Weight]);
        Assert.Equal(expected.ToArray<float>(), model.Blocks[0].Attention.Qkv.Weight.ToArray<float>());
        Assert.Equal(output.Bias!.Value.ToArray<float>(),
            model.Blocks[0].Attention.Output.Bias!.Value.ToArray<float>());
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void Before_the_first_step_its_loss_is_that_of_the_lecture()
    {
        var text = Zoo.Datasets.PlainText.FromFile(RealData.PathOf("tinyshakespeare.txt"));
        var rng = new TorchRandom(1337);
        var model = new Gpt(GptOptions.Lecture, 65, rng);
        Assert.Equal(209_729, model.ParameterCount);
        var batches = Data.Batches.Windows(text.Train, 32, 16, rng);
        using var quiet = NoGrad.Begin();
        float sum = 0;
        for (int i = 0; i < 200; i++)
        {
            using var scope = Scope.Begin("estimate");
            var (x, y) = batches.Next();
            sum += (float)model.Forward(x).CrossEntropy(y).Item();
        }
        Assert.Equal(4.4116, sum / 200, 0.00005);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_reader_says_what_the_whole_window_says(int? slide)
    {
        const int Context = 8;
        var model = new Gpt(new(Context, 12, 2, 3, Bias: true, TiedHead: false, Start: GptStart.Torch), 7,
            new TorchRandom(1));
        Reading.Agrees(model, 7, 40, slide, t => Slid.Start(t, Context, slide ?? Context / 2));
        Reading.AgreesInOneGo(model, 7, 5, 8);
    }

    [Fact]
    public void A_reader_reads_each_character_once_while_the_window_stands()
    {
        const int Context = 16;
        var model = new Gpt(new(Context, 8, 2, 2), 7, new TorchRandom(1));
        model.Eval();
        var reader = model.BeginDecoding();
        int rows = 0;
        using var watch = model.Observe((module, _, y) => rows += module is Linear ? y.Count / y.Shape[^1] : 0);
        List<int> work = [];
        for (int t = 0; t < 4 * Context; t++)
        {
            rows = 0;
            reader.Next(t % 7);
            work.Add(rows);
        }
        int one = 2 * 4; // four layers in each of two blocks
        Assert.All(work[..Context], rows => Assert.Equal(one, rows));
        // Then, once in half a window, the other half is read anew.
        Assert.Equal(work.Select((_, t) => t >= Context && t % (Context / 2) == 0 ? one * (Context / 2 + 1) : one),
            work);
        Assert.True(work.Sum() < 2 * work.Count * one);
    }

    [Fact]
    public void Dropout_drops_in_training_alone()
    {
        var x = Ids.From([0, 1, 2, 3], [1, 4]);
        Gpt whole = new(new(4, 8, 1, 2), 5, new TorchRandom(1)),
            dropping = new(new(4, 8, 1, 2, Dropout: 0.5), 5, new TorchRandom(1));
        dropping.LoadStateDict(whole.StateDict());
        Assert.NotEqual(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
        dropping.Eval();
        Assert.Equal(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        var model = new Gpt(new(4, 8, 1, 2), 5, new TorchRandom(1));
        Assert.Equal("Gpt: ids [1, 5]: give [batch, steps], with 1 to 4 steps",
            Assert.ThrowsAny<ArgumentException>(() => model.Forward(Ids.From(new int[5], [1, 5]))).Message);
        Assert.Equal("gpt: width 128, heads 5: give a width that is a multiple of the heads",
            Assert.ThrowsAny<ArgumentException>(() => new Gpt(new(Heads: 5), 5, new TorchRandom(1))).Message);
        Assert.Equal(
            "gpt: a head tied to the token embedding has no bias: set tiedHead to false, or leave headBias out",
            Assert.ThrowsAny<ArgumentException>(() => new Gpt(new(HeadBias: true), 5, new TorchRandom(1))).Message);
    }

    static Gpt Make(GoldenCase golden) =>
        new(new(golden.Int("context"), golden.Int("width"), golden.Int("layers"), golden.Int("heads"),
        Bias: golden.Flag("bias"), QkvBias: golden.Flag("qkv_bias"), TiedHead: golden.Flag("tied_head"),
        HeadBias: golden.Flag("head_bias"), Activation: Enum.Parse<GptActivation>(golden.Text("activation")),
        Scale: golden.Number("scale") is > 0 and var scale ? scale : null), 5, new TorchRandom(1));
}
