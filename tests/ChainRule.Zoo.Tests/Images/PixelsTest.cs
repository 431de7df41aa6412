using ChainRule.Zoo.Images;

namespace ChainRule.Zoo.Tests.Images;

public sealed class PixelsTest
{
    [Fact]
    public void Half_the_size_weighs_neighbours_by_a_triangle_and_twice_the_size_is_bilinear()
    {
        // Four pixels to two: weights 3, 3, 1 of 7 at the edge, that of the far one outside being cut off.
        Assert.Equal([7, 23], Row([0, 10, 20, 30]).Resize(2, 1).Bytes.ToArray().Select(x => (int)x));
        Assert.Equal([0, 25, 75, 100], Row([0, 100]).Resize(4, 1).Bytes.ToArray().Select(x => (int)x));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(64, 5)]
    public void What_is_of_one_colour_stays_so_in_any_size(int width, int height)
    {
        var grey = new Pixels(28, 28, 1, [.. Enumerable.Repeat((byte)77, 784)]).Resize(width, height);
        Assert.Equal((width, height), (grey.Width, grey.Height));
        Assert.All(grey.Bytes.ToArray(), x => Assert.Equal(77, x));
    }

    [Fact]
    public void Channels_are_resized_each_by_itself_and_sides_by_themselves()
    {
        var colour = new Pixels(2, 2, 3, [0, 10, 20, 0, 10, 20, 100, 110, 120, 100, 110, 120]);
        Assert.Equal([0, 10, 20, 100, 110, 120], colour.Resize(1, 2).Bytes.ToArray().Select(x => (int)x));
        Assert.Equal([50, 60, 70], colour.Resize(1, 1).Bytes.ToArray().Select(x => (int)x));
        Assert.Same(colour, colour.Resize(2, 2));
    }

    [Fact]
    public void Grey_is_the_brightness_of_a_colour()
    {
        var colour = new Pixels(3, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255]);
        Assert.Equal([76, 150, 29], colour.To(1).Bytes.ToArray().Select(x => (int)x));
        Assert.Equal([7, 7, 7], Row([7]).To(3).Bytes.ToArray().Select(x => (int)x));
    }

    [Fact]
    public void What_is_no_picture_is_one_sentence()
    {
        Assert.Equal("image: resize to 0 × 4: give sides of 1 or more",
            Refused(() => Row([1]).Resize(0, 4)));
        Assert.Equal("image: 2 channels: give 1, grey, or 3, colour", Refused(() => Row([1]).To(2)));
        Assert.Equal("pixels: 2 × 2 of 1 channels, and 3 bytes: give sides of 1 or more, 1 or 3 channels, and a byte "
            + "for each", Refused(() => new Pixels(2, 2, 1, new byte[3])));
    }

    static string Refused(Func<Pixels> asked) =>
        Assert.ThrowsAny<ArgumentException>(asked).Message.Split(" (Parameter")[0];

    static Pixels Row(byte[] row) => new(row.Length, 1, 1, row);
}
