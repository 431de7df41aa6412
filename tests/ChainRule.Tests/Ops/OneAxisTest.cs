using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class OneAxisTest
{
    public static TheoryData<string> Recorded =>
        Golden.Names("conv", "conv1d", "conv_transpose1d", "max_pool1d", "average_pool1d");

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("conv", name);

    [Fact]
    public void Gradients_are_those_of_central_differences()
    {
        Tensor x = Random([2, 2, 6], 1), w = Random([4, 1, 3], 2), b = Random([4], 3), t = Random([2, 3, 3], 4),
            c = Random([3], 5);
        GradCheck.Require("conv1d", () => x.Conv1d(w, b, 2, 1, new() { Groups = 2 }).Square().Sum(),
            [new("x", x), new("w", w), new("b", b)]);
        GradCheck.Require("conv1d with relu",
            () => x.Conv1d(w, b, 1, 1, new() { Relu = true, Dilation = 2, Groups = 2 }).Square().Sum(),
            [new("x", x), new("w", w), new("b", b)]);
        GradCheck.Require("transposed", () => x.ConvTranspose1d(t, c, 2, 1, new() { OutputPadding = 1 }).Square().Sum(),
            [new("x", x), new("w", t), new("b", c)]);
        GradCheck.Require("max pool", () => x.MaxPool1d(3, 2, 1).Square().Sum(), [new("x", x)]);
        GradCheck.Require("average pool", () => x.AveragePool1d(3, 2, 1, true).Square().Sum(), [new("x", x)]);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Ones([2, 3, 5]), w = Tensor.Ones([4, 3, 2]);
        Refused.With<ArgumentException>("conv1d of [2, 3, 5] with weights [4, 3]: give weights [outputs, channels / "
            + "groups, kernel], none of them 0",
            () => x.Conv1d(Tensor.Ones([4, 3])));
        Refused.With<ArgumentException>("conv1d of [3, 5] with weights [4, 3, 2]: an input has three axes: give "
            + "[batch, channels, length]", () => x.Select(0, 0).Conv1d(w));
        Refused.With<ArgumentException>(
            "conv1d of [2, 3, 5] with weights [4, 2, 2] in 1 group: the input has 3 channels and the weights take 2: "
                                      + "axis 1 of both must agree, and the groups divide the outputs",
                                          () => x.Conv1d(Tensor.Ones([4, 2, 2])));
        Refused.With<ArgumentException>(
            "conv1d of [2, 3, 5] with weights [4, 3, 2]: give a kernel, a stride and a dilation of 1 or more, and a "
                + "padding of 0 or more",
            () => x.Conv1d(w, options: new() { Dilation = 0 }));
        Refused.With<ArgumentException>(
            "conv1d of [2, 3, 5] with weights [4, 3, 2]: a dilation of 2 × 1: a sequence has one axis: give one number",
            () => x.Conv1d(w, options: new() { Dilation = (2, 1) }));
        Refused.With<ArgumentException>("transposed convolution of [2, 3, 5] with weights [3, 4, 2]: "
            + "an output padding of 1 × 0: a sequence has one axis: give one number",
            () => x.ConvTranspose1d(Tensor.Ones([3, 4, 2]), options: new() { OutputPadding = (1, 0) }));
        Refused.With<ArgumentException>(
            "max pool of [2, 3, 5]: a kernel that reaches over 6 numbers is longer than the sequence with its padding, "
                + "5: pad more or take a smaller kernel",
            () => x.MaxPool1d(6));
        Refused.With<ArgumentException>("average pool of [2, 3, 5]: a padding of 2 is more than half of a kernel of 3, "
            + "so a window could see nothing else: give 1 or less",
            () => x.AveragePool1d(3, padding: 2));
        Refused.With<ArgumentException>("transposed convolution of [2, 3, 5]: an output padding of 1 with a stride of "
            + "1: give 0 or more, and less than the stride",
            () => x.ConvTranspose1d(Tensor.Ones([3, 4, 2]), options: new() { OutputPadding = 1 }));
        Refused.With<ArgumentException>(
            "transposed convolution of [3, 5] with weights [3, 4, 2]: give sequences [batch, channels, length] and "
                + "weights [channels, outputs / groups, kernel]",
            () => x.Select(0, 0).ConvTranspose1d(Tensor.Ones([3, 4, 2])));
    }

    static Tensor Random(Shape shape, ulong seed) =>
        Tensor.Randn(shape, new TorchRandom(seed), DType.Float64).RequireGrad();
}
