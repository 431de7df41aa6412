using ChainRule.Tests;
using SkiaSharp;

namespace ChainRule.Images.Tests;

public sealed class OrientationTest
{
    // The corners of the stored picture, in rows: red, green; blue, white. What each of Exif's orientations makes of
    // them when it is turned upright.
    public static TheoryData<byte, string> Turned { get; } = new()
    {
        { 1, "rg bw" }, { 2, "gr wb" }, { 3, "wb gr" }, { 4, "bw rg" },
        { 5, "rb gw" }, { 6, "br wg" }, { 7, "wg br" }, { 8, "gw rb" },
    };

    [Theory]
    [MemberData(nameof(Turned))]
    public void A_photograph_is_turned_as_its_camera_says(byte orientation, string corners)
    {
        using var folder = new TemporaryFolder();
        var picture = ImageFiles.Read(folder.Write("x.jpg", Photograph(orientation)));
        bool lies = orientation >= 5;
        Assert.Equal(lies ? (16, 32) : (32, 16), (picture.Width, picture.Height));
        char Colour(int x, int y)
        {
            var pixel = picture.Bytes.Slice(3 * (y * picture.Width + x), 3);
            return (pixel[0] > 128, pixel[1] > 128, pixel[2] > 128) switch
            {
                (true, true, true) => 'w',
                (true, _, _) => 'r',
                (_, true, _) => 'g',
                _ => 'b',
            };
        }
        int right = picture.Width - 4, low = picture.Height - 4;
        Assert.Equal(corners, $"{Colour(3, 3)}{Colour(right, 3)} {Colour(3, low)}{Colour(right, low)}");
    }

    /// <summary>A JPEG of 32 × 16 in four colours, with an Exif segment that says how it is to be turned.</summary>
    static byte[] Photograph(byte orientation)
    {
        using var bitmap = new SKBitmap(32, 16);
        for (int y = 0; y < 16; y++)
            for (int x = 0; x < 32; x++)
                bitmap.SetPixel(x, y, y < 8 ? x < 16 ? SKColors.Red : SKColors.Lime
                    : x < 16 ? SKColors.Blue : SKColors.White);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        byte[] jpeg = data.ToArray();
        // Big-endian TIFF with one entry: tag 0x0112, a short.
        byte[] exif = [.. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
            0, 0, 0, 0];
        return [.. jpeg[..2], 0xff, 0xe1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }
}
