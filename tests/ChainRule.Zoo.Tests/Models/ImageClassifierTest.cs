using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Models;

/// <summary>What all classifiers of images do alike.</summary>
public sealed class ImageClassifierTest
{
    public static TheoryData<string, DType> Recorded =>
        GoldenLayers.Cases(["image_mlp", "lenet", "cnn", "resnet"], "images");

    [Theory, MemberData(nameof(Recorded))]
    public void Logits_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, Make, "images");

    [Theory]
    [InlineData("mlp", 669_706)]
    [InlineData("lenet", 61_706)]
    [InlineData("cnn", 77_786)]
    [InlineData("resnet", 77_754)]
    public void Of_an_image_of_mnist_it_has_this_many_parameters(string name, int parameters)
    {
        var recipe = Recipe.Find(TaskKind.Images, name);
        var model = recipe.Build(recipe.For(TaskKind.Images).Sizes, new([1, 28, 28], 10), new TorchRandom(1));
        Assert.Equal(parameters, model.ParameterCount);
        Assert.Equal<Shape>([3, 10], model.Forward(Tensor.Zeros([3, 1, 28, 28])).Shape);
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        var model = new LeNet(new(), [1, 28, 28], 10, new TorchRandom(1));
        Assert.Equal("LeNet: the input is [2, 3, 28, 28]: give [N, 1, 28, 28]",
            Assert.ThrowsAny<ArgumentException>(() => model.Forward(Tensor.Zeros([2, 3, 28, 28]))).Message);
        Assert.Equal("model lenet: images of 8 × 8 pixels: give 12 × 12 or more, by --size 12",
            Assert.Throws<ArgumentException>(() => new LeNet(new(), [1, 8, 8], 10, new TorchRandom(1))).Message);
        Assert.Equal("cnn: width 0: give a whole number from 1 to 4,096", Assert.ThrowsAny<ArgumentException>(
            () => new Cnn(new(Width: 0), [1, 28, 28], 10, new TorchRandom(1))).Message);
    }

    static ImageClassifier Make(GoldenCase golden)
    {
        Shape input = [golden.Int("channels"), golden.Int("size"), golden.Int("size")];
        var activation = Enum.Parse<ImageActivation>(golden.Text("activation"));
        var pooling = Enum.Parse<ImagePooling>(golden.Text("pooling", "Max"));
        const int Classes = 3;
        var rng = new TorchRandom(1);
        return golden.Op switch
        {
            "image_mlp" => new ImageMlp(new(golden.Int("hidden"), golden.Int("layers"), 0, activation), input, Classes,
                rng),
            "lenet" => new LeNet(new(golden.Int("width"), golden.Int("width2"), golden.Int("hidden"),
                golden.Int("hidden2"), activation, pooling), input, Classes, rng),
            "cnn" => new Cnn(new(golden.Int("width"), golden.Int("blocks"), 0, activation, pooling), input, Classes,
                rng),
            _ => new ResNet(new(golden.Int("width"), golden.Int("stages"), golden.Int("blocks"), 0, activation), input,
                Classes, rng),
        };
    }
}
