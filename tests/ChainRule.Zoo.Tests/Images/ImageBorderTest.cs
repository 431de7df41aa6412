using ChainRule.Zoo.Images;

namespace ChainRule.Zoo.Tests.Images;

public sealed class ImageBorderTest
{
    [Fact]
    public void A_picture_with_the_opposite_border_is_inverted_and_others_are_not()
    {
        var digits = ImageData.Open(null, new ImageOptions()).Encoding;
        var paper = Square(outside: 250, inside: 10);
        var seen = digits.Fitted(paper);
        Assert.True(digits.Inverts(paper));
        Assert.Equal((5, 245), (seen.Bytes[0], seen.Bytes[14 * 28 + 14]));
        Assert.Equal(digits.Encode(Square(outside: 5, inside: 245)).ToArray<float>(),
            digits.Encode(paper).ToArray<float>());
        Assert.False(digits.Inverts(Square(outside: 5, inside: 245)));
        Assert.False(digits.Inverts(Square(outside: 128, inside: 245)));
        // Surfaces have borders of middling grey: nothing is known of ink and paper.
        Assert.False(ImageData.Open(null, new ImageOptions(Drawn: ImageDrawing.Surfaces)).Encoding.Inverts(paper));
    }

    [Fact]
    public void Most_images_decide_and_it_is_read_back_with_the_model()
    {
        Assert.Equal(new ImageBorder(true, false), ImageBorder.Of(Borders(dark: 19, bright: 1)));
        Assert.Equal(new ImageBorder(false, true), ImageBorder.Of(Borders(dark: 1, bright: 19)));
        Assert.Equal(default, ImageBorder.Of(Borders(dark: 18, bright: 2)));
        var encoding = ImageData.Open(null, new ImageOptions(Positive: "9")).Encoding;
        Assert.Equal("1x28x28, 1 output, dark border", encoding.Metadata["image"]);
        var read = ImageEncoding.Read(name => encoding.Metadata[name]);
        Assert.True(read.HasOneOutput && read.Border.IsDark);
        Assert.Equal(encoding.Metadata, read.Metadata);
        // What runs of earlier versions say.
        Assert.Equal(default, ImageEncoding.Read(name => name == "image" ? "1x28x28" : encoding.Metadata[name]).Border);
    }

    static Pixels Square(byte outside, byte inside) => new(28, 28, 1, [.. Enumerable.Range(0, 784).Select(i =>
        i % 28 is > 7 and < 20 && i / 28 is > 7 and < 20 ? inside : outside)]);

    static double[] Borders(int dark, int bright) =>
        [.. Enumerable.Repeat(0.1, dark), .. Enumerable.Repeat(0.9, bright)];
}
