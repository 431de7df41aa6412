using ChainRule.Lab.Playground;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.Tests.Playground;

public sealed class PlaygroundWhyTest
{
    static WhyTree Why(PlaygroundSession session, PlaygroundRequest request) =>
        Asked.Of<PlaygroundWhyAnswer>(session, request).Answer.Tree;

    static float Gradient(PlaygroundSession session, int place)
    {
        var (frame, bytes, start) = Asked.Of<FrameAnswer>(session, new FrameRequest(0));
        return BitConverter.ToSingle(bytes, start + frame.Gradients!.At + 4 * place);
    }

    public static TheoryData<string, double, double> Networks => new()
    {
        { "adam", 0, 0 }, { "sgd", 0.3, 0 }, { "momentum", 0, 0.01 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_is_explained_is_the_gradient_that_is_shown_and_the_training_stays_where_it_is(string optimizer,
        double dropout, double l1)
    {
        using var session = new PlaygroundSession();
        Asked.Of<ConfiguredAnswer>(session, new ConfigureRequest(new() { Optimizer = optimizer, Dropout = dropout,
            L1 = l1 }));
        Asked.Frame(session, new StepRequest(137));
        float[] weights = Asked.Weights(session);
        float shown = Gradient(session, 3);
        var tree = Why(session, new WhyWeightRequest("0.weight", 3));
        Assert.Equal(shown, (float)tree.Numbers[0].Value);
        Assert.Equal("dL/d(0.weight[1, 1])", tree.Numbers[0].Subject);
        Assert.Contains(tree.Numbers[0].Steps[0].Terms,
            term => term.Derivative.StartsWith("x[", StringComparison.Ordinal));
        Assert.Contains("step 137", tree.About, StringComparison.Ordinal);
        Assert.Equal(weights, Asked.Weights(session));
        Assert.Equal(shown, Gradient(session, 3));
        Assert.Equal(137, Asked.Frame(session, new FrameRequest(0)).Step);
        // It goes through weights of the next layer, by their names.
        Assert.Contains(tree.Numbers.SelectMany(number => number.Steps).SelectMany(step => step.Terms),
            term => term.Derivative.StartsWith(dropout > 0 ? "3.weight[" : "2.weight[", StringComparison.Ordinal));
    }

    [Fact]
    public void Before_the_first_step_it_is_the_gradient_of_the_batch_that_comes()
    {
        using var session = new PlaygroundSession();
        var tree = Why(session, new WhyWeightRequest("0.weight", 0));
        Assert.Contains("not made yet", tree.About, StringComparison.Ordinal);
        Asked.Frame(session, new StepRequest(1));
        Assert.Equal(Gradient(session, 0), (float)tree.Numbers[0].Value);
    }

    [Fact]
    public void The_output_of_a_neuron_is_what_its_layer_gives()
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(20));
        var tree = Why(session, new WhyNeuronRequest(0, 2, 5));
        Assert.Equal("tanh", tree.Numbers[0].Steps[0].Op);
        Assert.InRange(tree.Numbers[0].Value, -1, 1);
        Assert.Contains("point 5", tree.About, StringComparison.Ordinal);
        Assert.Contains(tree.Numbers.SelectMany(number => number.Steps).SelectMany(step => step.Terms),
            term => term.Derivative == "0.weight[2, 0]");
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        using var session = new PlaygroundSession();
        foreach (var (request, sentence) in ((PlaygroundRequest, string)[])
        [
            (new WhyWeightRequest("9.weight", 0), "there is no parameter '9.weight'"),
            (new WhyWeightRequest("0.weight", 99), "has 16 numbers, and none is 99"),
            (new WhyNeuronRequest(7, 0, 0), "there is no layer 7"),
            (new WhyNeuronRequest(0, 8, 0), "has 8 neurons, and none is 8"),
            (new WhyNeuronRequest(0, 0, 500), "there is no point 500"),
        ])
            Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => session.Answer(request)).Message,
                StringComparison.Ordinal);
    }
}
