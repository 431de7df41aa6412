using SkiaSharp;

namespace ChainRule.Images.Tests;

/// <summary>Folders of dark and of bright pictures, with stripes, of several sizes.</summary>
static class StripedImages
{
    public static void Draw(string folder, int each)
    {
        foreach (string kind in (string[])["bright", "dark"])
        {
            Directory.CreateDirectory(Path.Combine(folder, kind));
            for (int i = 0; i < each; i++)
            {
                using var bitmap = new SKBitmap(14 + i % 5, 18);
                byte ground = (byte)((kind == "dark" ? 60 : 120) + i % 40);
                bitmap.Erase(new SKColor(ground, 90, 70));
                for (int x = 0; x < bitmap.Width; x++) bitmap.SetPixel(x, i % 18, new SKColor(10, (byte)(7 * i), 200));
                using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
                File.WriteAllBytes(Path.Combine(folder, kind, $"{i}.png"), data.ToArray());
            }
        }
    }
}
