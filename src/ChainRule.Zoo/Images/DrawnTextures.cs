using System.Globalization;
using System.Security.Cryptography;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>What may be wrong with a drawn surface.</summary>
public enum DefectKind
{
    /// <summary>A thin straight line, darker or brighter than the surface.</summary>
    Scratch,

    /// <summary>A small spot with soft edges, darker or brighter.</summary>
    Blob,

    /// <summary>A dark disc with a bright rim.</summary>
    Hole,

    /// <summary>A large and faint dark patch with an uneven edge.</summary>
    Stain,

    /// <summary>A thread of the weave that is not there. On surfaces that are not woven: a groove along the
    /// surface.</summary>
    Thread,
}

/// <summary>
/// Surfaces as a camera over a production line might see them, for inspection without any download: woven cloth,
/// brushed metal, wood and paper, half of them with one defect. Texture, light, contrast and noise are drawn anew for
/// each image, and so are the place, size and strength of the defect. One seed gives the same images. They are drawn,
/// not photographed: what a model reaches here says that it can find such marks, not how it would do in a factory.
/// </summary>
static class DrawnTextures
{
    public const int UsualSize = 32;

    const int Train = 4000, Test = 1000, HeldOut = 200;
    const ulong Seed = 30;

    static readonly string[] s_textures = ["weave", "metal", "wood", "paper"];

    /// <summary>
    /// 4,000 images to train and validate with, 1,000 to test; the defects of one kind are in neither, and 200 of them
    /// in <see cref="ReadImages.Defects"/> beside those of the test part.
    /// </summary>
    public static ReadImages Draw(int size, DefectKind heldOut)
    {
        DefectKind[] seen = [.. Enum.GetValues<DefectKind>().Where(kind => kind != heldOut)];
        var (train, _) = Draw(Seed, Train, size, i => i % 2 == 0 ? null : seen[i / 2 % seen.Length]);
        var (test, tested) = Draw(Seed + 1, Test, size, i => i % 2 == 0 ? null : seen[i / 2 % seen.Length]);
        var (held, others) = Draw(Seed + 2, HeldOut, size, _ => heldOut);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ImageSet[])[train, test, held])
            for (int i = 0; i < part.Count; i++) hash.AppendData(part.Pixels(i));
        return new("drawn surfaces, embedded", Convert.ToHexStringLower(hash.GetHashAndReset()), ["good", "defect"],
            train, null, test) { Defects = new(test, tested, held, others, heldOut) };
    }

    static (ImageSet Images, DrawnDefect?[] Defects) Draw(ulong seed, int count, int size, Func<int, DefectKind?> kind)
    {
        byte[] pixels = new byte[count * size * size];
        var defects = new DrawnDefect?[count];
        Parallel.For(0, count, i =>
        {
            var surface = new Surface(size, new TorchRandom(seed * 1_000_000 + (ulong)i));
            // Eight in a row share a texture: each texture comes with every kind of defect.
            surface.Texture(i / 8 % s_textures.Length);
            if (kind(i) is { } wrong) defects[i] = new(wrong, surface.Spoil(wrong, i / 8 % s_textures.Length));
            surface.Write(pixels.AsSpan(i * size * size, size * size));
        });
        return (new(1, size, pixels, [.. defects.Select(defect => defect is null ? 0 : 1)],
            [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture,
                $"drawn {s_textures[i / 8 % s_textures.Length]}{Named(defects[i])}, image {i}"))]), defects);
    }

    static string Named(DrawnDefect? defect) =>
        defect is null ? "" : $" with a {defect.Kind.ToString().ToLowerInvariant()}";
}

/// <summary>A defect of a drawn surface.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mask">[height · width]: whether it changed a pixel by so much that it is seen, 6 % of white.</param>
public sealed record DrawnDefect(DefectKind Kind, IReadOnlyList<bool> Mask);

/// <summary>The defects of a test part, and others of a kind that was never trained on.</summary>
/// <param name="Test">The test part.</param>
/// <param name="Tested">The defect of each of its images; null where there is none.</param>
/// <param name="Held">Images with defects of the kind that was held out.</param>
/// <param name="Others">Their defects.</param>
/// <param name="HeldOut">The kind.</param>
sealed record DrawnDefects(ImageSet Test, IReadOnlyList<DrawnDefect?> Tested, ImageSet Held,
    IReadOnlyList<DrawnDefect?> Others, DefectKind HeldOut);
