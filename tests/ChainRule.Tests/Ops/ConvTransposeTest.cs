using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class ConvTransposeTest
{
    public static TheoryData<string> Recorded => Golden.Names("conv", "conv_transpose2d");

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("conv", name);

    [Theory]
    [InlineData(1, 0, 0, 1, 1)]
    [InlineData(2, 1, 1, 1, 2)]
    [InlineData(3, 0, 2, 2, 1)]
    public void Gradients_are_those_of_central_differences(int stride, int padding, int outputPadding,
        int dilation, int groups)
    {
        Tensor[] x = [Random([2, 4, 3, 2], 1), Random([4, 3, 3, 2], 2), Random([3 * groups], 3)];
        Tensor Compute() => x[0].ConvTranspose2d(x[1], x[2], stride, padding,
            new() { OutputPadding = outputPadding, Dilation = dilation, Groups = groups });
        var c = Random(Compute().Shape, 4).Detach();
        GradCheck.Require("transposed convolution", () => (Compute() * c).Sum(),
            [.. x.Select((one, i) => KeyValuePair.Create($"{i}", one))]);
    }

    [Fact]
    public void It_is_the_transpose_of_a_convolution()
    {
        // ⟨conv x, y⟩ = ⟨x, convᵀ y⟩ for any x and y.
        Tensor x = Random([2, 3, 7, 6], 1), w = Random([4, 3, 3, 3], 2);
        var forward = x.Conv2d(w, null, (2, 1), 1);
        var y = Random(forward.Shape, 3);
        Assert.Equal((forward * y).Sum().Item(), (x * y.ConvTranspose2d(w, null, (2, 1), 1)).Sum().Item(), 1e-9);
    }

    [Fact]
    public void A_second_gradient_is_added_to_the_first()
    {
        var (x, w) = (Random([1, 2, 3, 3], 1), Random([2, 2, 2, 2], 2));
        (x.Square().Sum() + x.ConvTranspose2d(w).Sum()).Backward();
        double[] both = x.Grad.ToArray<double>();
        x.ZeroGrad();
        x.ConvTranspose2d(w).Sum().Backward();
        Close.Equal([.. both.Zip(x.ToArray<double>(), (sum, value) => sum - 2 * value)], x.Grad.ToArray<double>(),
            1e-12, "the gradient of one alone");
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Ones([2, 3, 4, 4]), w = Tensor.Ones([3, 2, 3, 3]);
        const string Asked = "transposed convolution of [2, 3, 4, 4] with weights [3, 2, 3, 3]: ";
        Refused.With<ArgumentException>("transposed convolution of [3, 4, 4] with weights [3, 2, 3, 3]: an input has "
            + "four axes: give [images, channels, height, width]",
            () => x.Select(0, 0).ConvTranspose2d(w));
        Refused.With<ArgumentException>(
            Asked + "an output padding of 2 with a stride of 2: give 0 or more, and less than the stride",
            () => x.ConvTranspose2d(w, null, 2, 0, new() { OutputPadding = 2 }));
        Refused.With<ArgumentException>(
            Asked + "3 channels do not divide into 2 groups: give a number that divides them",
            () => x.ConvTranspose2d(w, options: new() { Groups = 2 }));
        Refused.With<ArgumentException>(Asked + "the bias is [3]: give [2]",
            () => x.ConvTranspose2d(w, Tensor.Ones([3])));
        Refused.With<ArgumentException>(Asked + "a padding of 3 leaves 0 × 0: give an image, and pad less",
            () => x.ConvTranspose2d(w, padding: 3));
        Refused.With<ArgumentException>("transposed convolution of [2, 3, 4, 4] with weights [2, 2, 3, 3]: the input "
            + "has 3 channels and the weights take 2: axis 1 of the input and axis 0 of the weights must agree",
                () => x.ConvTranspose2d(Tensor.Ones([2, 2, 3, 3])));
    }

    static Tensor Random(Shape shape, ulong seed) =>
        Tensor.Randn(shape, new TorchRandom(seed), DType.Float64).RequireGrad();
}
