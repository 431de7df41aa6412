using System.IO.Compression;
using ChainRule.Tests;

namespace ChainRule.Pictures.Tests;

public sealed class RasterTest
{
    [Fact]
    public void Grey_and_colour_are_as_they_are_and_what_is_outside_is_cut_off()
    {
        Assert.Equal([0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255],
            Pixels(Raster.Picture("x", Tensor.From(new double[,] { { -1, 0.5 }, { 1, 2 } }))));
        Assert.Equal([255, 0, 51], Pixels(Raster.Picture("x", Tensor.From([1.0, 0, 0.2], [3, 1, 1]))));
    }

    [Fact]
    public void Numbers_run_from_violet_to_yellow_and_signed_ones_from_blue_over_white_to_red()
    {
        Assert.Equal([0x44, 0x01, 0x54, 0x21, 0x91, 0x8c, 0xfd, 0xe7, 0x25],
            Pixels(Raster.Map("x", Tensor.From(new double[,] { { 3, 5, 7 } }))));
        Assert.Equal([0x21, 0x66, 0xac, 0xf7, 0xf7, 0xf7, 0xf4, 0xa5, 0x82],
            Pixels(Raster.Signed("x", Tensor.From(new double[,] { { -4, 0, 2 } }))));
        // Nothing to tell apart, and what is no number.
        Assert.Equal([0x44, 0x01, 0x54], Pixels(Raster.Map("x", Tensor.From(new double[,] { { 5 } }))));
        Assert.Equal([0xf7, 0xf7, 0xf7], Pixels(Raster.Signed("x", Tensor.From(new double[,] { { 0 } }))));
        Assert.Equal([0x44, 0x01, 0x54, 0xfd, 0xe7, 0x25, 0x44, 0x01, 0x54],
            Pixels(Raster.Map("x", Tensor.From(new double[,] { { 1, 2, double.NaN } }))));
    }

    [Fact]
    public void A_page_holds_its_images_with_captions_that_cannot_be_markup()
    {
        using var folder = new TemporaryFolder();
        var small = Raster.Picture("a <b> & \"c\"", Tensor.Zeros([8, 8]));
        string html = File.ReadAllText(
            new Page("Images").Images("Eight <i>", [small], 2).Save(folder.PathOf("x.html")));
        Assert.Contains("<h2>Eight &lt;i&gt;</h2>", html, StringComparison.Ordinal);
        Assert.Contains("<p>a &lt;b&gt; &amp; &quot;c&quot;</p>", html, StringComparison.Ordinal);
        Assert.Contains("width=\"96\" height=\"96\" src=\"data:image/png;base64,iVBORw0KGgo", html,
            StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "class=\"together\""));
        Assert.Equal("image 'a <b> & \"c\"' of 8 × 8 pixels", small.ToString());
    }

    [Fact]
    public void What_is_no_image_is_one_sentence()
    {
        Refused("image 'x': [2]: give grey pixels, [height, width], or three planes of colour, [3, height, width]",
            () => Raster.Picture("x", Tensor.Zeros([2])));
        Refused("image 'x': [1, 2, 2]: give numbers [height, width]", () => Raster.Map("x", Tensor.Zeros([1, 2, 2])));
        Refused("images 'x': there is none: give at least one", () => new Page("y").Images("x", []));
        Refused("images 'x': 0 together: give 1 or more",
            () => new Page("y").Images("x", [Raster.Map("z", Tensor.Zeros([1, 1]))], 0));
    }

    static void Refused(string message, Func<object> asked) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(asked).Message.Split(" (Parameter")[0]);

    /// <summary>Unpacks the rows of a PNG, each after a filter byte of 0.</summary>
    static byte[] Pixels(Raster raster)
    {
        byte[] png = raster.Bytes();
        int at = png.AsSpan().IndexOf("IDAT"u8) + 4;
        using var zip = new ZLibStream(new MemoryStream(png[at..]), CompressionMode.Decompress);
        byte[] rows = new byte[raster.Height * (3 * raster.Width + 1)];
        zip.ReadExactly(rows);
        return [.. rows.Where((_, i) => i % (3 * raster.Width + 1) != 0)];
    }
}
