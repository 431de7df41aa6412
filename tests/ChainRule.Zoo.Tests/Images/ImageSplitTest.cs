using ChainRule.Zoo.Images;

namespace ChainRule.Zoo.Tests.Images;

public sealed class ImageSplitTest
{
    static ImageData Open(ImageOptions options) => ImageData.Open(null, options);

    [Fact]
    public void Classes_that_are_named_are_used_in_their_order_and_the_others_left_out()
    {
        var data = Open(new ImageOptions(Size: 8, Classes: "7, 3"));
        Assert.Equal(["7", "3"], data.Encoding.Classes);
        Assert.Equal((900, 200), (data.Training().Targets.Count, data.Measured().Targets.Count));
        var (all, some) = (DrawnDigits.Drawn, DrawnDigits.Drawn.Only("7,3"));
        int first = all.Train.Labels.ToList().FindIndex(label => label is 3 or 7);
        Assert.Equal(all.Train.Pixels(first).ToArray(), some.Train.Pixels(0).ToArray());
        Assert.Equal(all.Train.Labels[first] == 7 ? 0 : 1, some.Train.Labels[0]);
        Assert.Equal(["not 7", "7"], Open(new ImageOptions(Size: 8, Classes: "1,7,3", Positive: "7")).Encoding.Classes);
    }

    [Fact]
    public void Few_of_each_class_are_drawn_by_the_seed_and_no_other_part_is_smaller()
    {
        var options = new ImageOptions(Size: 8, Classes: "5,6,7", PerClass: 4);
        var data = Open(options);
        Assert.Equal([4, 4, 4], data.Training().Targets.Span.ToArray().CountBy(label => label)
            .Select(one => one.Value));
        Assert.Equal(150, data.Validating().Targets.Count);
        Assert.Same(data, data.DrawnBy(42));
        var other = (ImageData)data.DrawnBy(43);
        Assert.Equal(data.Sha256, other.Sha256);
        Assert.Equal(data.Validating().Inputs.Shape, other.Validating().Inputs.Shape);
        Assert.NotEqual(data.Training().Inputs.ToArray<float>(), other.Training().Inputs.ToArray<float>());
        Assert.Equal(other.Training().Inputs.ToArray<float>(),
            ((ImageData)Open(options).DrawnBy(43)).Training().Inputs.ToArray<float>());
        // More than there are is all that there are.
        var all = Open(options with { PerClass = 100_000 });
        Assert.Equal(1350, all.Training().Targets.Count);
        Assert.EndsWith("; per class 100,000 leaves none out: no class has more than 450 to train with",
            all.Describe(new ChainRule.Layers.Linear(1, 1, new ChainRule.Randomness.TorchRandom(1))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_are_none_are_refused()
    {
        Refused("images drawn digits, embedded: --classes nine: there is no such class: give some of 0, 1, 2, 3, 4, 5, "
            + "6, 7, 8, 9", "1,nine");
        Refused("images drawn digits, embedded: --classes 3,3,4: class '3' is named twice: name each once", "3,3,4");
        Assert.Equal("train images: held-out blob: surfaces that are drawn have defects, and no other images: leave it "
            + "out, or give --drawn surfaces", Assert.ThrowsAny<ArgumentException>(() => new ImageOptions(
                HeldOut: DefectKind.Blob).Check("train images")).Message);
        Refused("images drawn digits, embedded: they are of one class: give two classes or more, with two images or "
            + "more of each", "1");
        Assert.Equal("train images: classes good: drawn surfaces are good or defect, and both are needed: leave it out",
            Assert.ThrowsAny<ArgumentException>(() => new ImageOptions(Drawn: ImageDrawing.Surfaces, Classes: "good")
                .Check("train images")).Message);

        static void Refused(string begins, string classes) => Assert.StartsWith(begins, Assert.ThrowsAny<Exception>(
            () => Open(new ImageOptions(Size: 8, Classes: classes))).Message, StringComparison.Ordinal);
    }
}
