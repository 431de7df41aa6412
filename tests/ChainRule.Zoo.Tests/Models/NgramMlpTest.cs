using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class NgramMlpTest
{
    [Fact]
    public void It_has_the_parameters_of_the_lectures_under_pytorchs_names()
    {
        var model = new NgramMlp(new(Context: 6, Width: 16, Hidden: 200), 27, new TorchRandom(1));
        Assert.Equal(6, model.Context);
        Assert.Equal(27 * 16 + 200 * 96 + 2 * 200 + 27 * 200 + 27, model.ParameterCount);
        Assert.Equal(["embedding.weight", "hidden.weight", "norm.weight", "norm.bias", "output.weight", "output.bias"],
            model.NamedParameters().Select(named => named.Key));
        Assert.Equal<Shape>([27, 16], model.StateDict()["embedding.weight"].Shape);
        Assert.Equal<Shape>([200, 96], model.StateDict()["hidden.weight"].Shape);
        Assert.Equal<Shape>([27, 200], model.StateDict()["output.weight"].Shape);
    }

    [Fact]
    public void Contexts_go_in_and_logits_come_out()
    {
        var model = new NgramMlp(new(Context: 3, Width: 2, Hidden: 10), 27, new TorchRandom(1));
        Assert.Equal<Shape>([2, 27], model.Forward(Ids.From([0, 0, 0, 0, 0, 5], [2, 3])).Shape);
    }

    [Fact]
    public void Hidden_weights_begin_as_wide_as_tanh_likes_and_output_weights_small()
    {
        var state = new NgramMlp(new(), 27, new TorchRandom(1)).StateDict();
        Assert.Equal(5.0 / 3 / Math.Sqrt(96), state["hidden.weight"].Std().Item(), 0.005);
        Assert.Equal(0.01, state["output.weight"].Std().Item(), 0.001);
        Assert.All(state["output.bias"].ToArray<float>(), b => Assert.Equal(0f, b));
    }

    [Fact]
    public void Its_gradients_are_right()
    {
        var model = new NgramMlp(new(Context: 3, Width: 2, Hidden: 5), 6, new TorchRandom(1));
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 0, 0, 0, 0, 5, 0, 5, 2, 5, 2, 1, 1, 1, 4], [5, 3]), Ids.From([5, 2, 1, 0, 3]));
        GradCheck.Require("n-gram mlp", () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }

    [Theory]
    [InlineData(0, 16, 200, "context 0")]
    [InlineData(6, -1, 200, "width -1")]
    [InlineData(6, 16, 0, "hidden 0")]
    public void A_size_below_one_is_one_sentence(int context, int width, int hidden, string says)
    {
        var e = Assert.ThrowsAny<ArgumentException>(
            () => new NgramMlp(new(context, width, hidden), 27, new TorchRandom(1)));
        Assert.Equal($"n-gram mlp: {says}: give a whole number from 1 to 65,536", e.Message);
    }

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("ngram_mlp", "models");

    [Theory, MemberData(nameof(Recorded))]
    public void With_an_id_for_what_is_before_its_loss_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
        golden => new NgramMlp(new(golden.Int("context"), golden.Int("width"), golden.Int("hidden"), Norm: false,
            Blank: true), 5, new TorchRandom(1)), "models");

    [Fact]
    public void It_can_be_makemores() =>
        Assert.Equal(69_147, new NgramMlp(NgramMlpOptions.Makemore, 27, new TorchRandom(1)).ParameterCount);

    [Fact]
    public void With_an_id_for_what_is_before_a_reader_says_what_the_whole_text_says()
    {
        var model = new NgramMlp(new(Context: 3, Width: 2, Hidden: 4, Norm: false, Blank: true), 5, new TorchRandom(1));
        Reading.Agrees(model, 5, 8, null, _ => 0);
    }
}
