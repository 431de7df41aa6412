using System.Globalization;
using System.Text.Json;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Randomness;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Images;

/// <summary>How well defects of one kind are found, and where the model looks for them.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="HeldOut">Whether it was never trained on.</param>
/// <param name="Count">How many images have it.</param>
/// <param name="RocAuc">The area under the ROC curve, against the good images of the test part.</param>
/// <param name="Recall">The fraction that is taken for defective.</param>
/// <param name="SaliencyOverlap">The mean intersection over union of the defect and the salient pixels.</param>
/// <param name="OcclusionOverlap">The same of the occlusion map.</param>
/// <param name="Hits">The fraction of images whose most salient pixel is one of the defect's.</param>
public sealed record DefectScores(DefectKind Kind, bool HeldOut, int Count, double RocAuc, double Recall,
    double SaliencyOverlap, double OcclusionOverlap, double Hits);

/// <summary>
/// The inspection of drawn surfaces, kind by kind. A map is smoothed by 3 × 3 pixels, and all of at least half its
/// largest number is compared with the true pixels of the defect: the truth is not asked how many to take.
/// </summary>
/// <param name="Kinds">Each kind of defect.</param>
/// <param name="SeenRocAuc">The area under the ROC curve of all kinds that were trained on.</param>
public sealed record DefectReport(IReadOnlyList<DefectScores> Kinds, double SeenRocAuc)
{
    internal const string Name = "defects";

    const int MapsOfEach = 40, Samples = 16;

    const double HalfOfMost = 0.5;

    /// <summary>The kind that was never trained on.</summary>
    public DefectScores HeldOut => Kinds.Single(kind => kind.HeldOut);

    /// <summary>The mean overlap of the saliency map with the defect, over the kinds that were trained on.</summary>
    public double SeenOverlap => Kinds.Where(kind => !kind.HeldOut).Average(kind => kind.SaliencyOverlap);

    /// <summary>That of a finished run on drawn surfaces; null of any other.</summary>
    public static DefectReport? Of(RunSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.Details.TryGetValue(Name, out var report) ? RunFile.Read<DefectReport>(report)
            : null;
    }

    /// <summary>Measures a model, which is in evaluation mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="encoding">What turns images into its numbers.</param>
    /// <param name="defects">What is wrong with the images.</param>
    /// <param name="test">The probability of a defect of each image of the test part.</param>
    /// <param name="held">The same of those with the kind that was held out.</param>
    internal static DefectReport Of(Module model, ImageEncoding encoding, DrawnDefects defects, double[] test,
        double[] held)
    {
        double[] good = [.. test.Where((_, i) => defects.Tested[i] is null)];
        double Auc(IReadOnlyCollection<double> found) => Classification.RocAuc([.. good, .. found],
            [.. good.Select(_ => 0), .. found.Select(_ => 1)]);
        List<DefectScores> kinds = [];
        foreach (var kind in Enum.GetValues<DefectKind>())
        {
            bool heldOut = kind == defects.HeldOut;
            var (images, all, found) = heldOut ? (defects.Held, defects.Others, held)
                : (defects.Test, defects.Tested, test);
            int[] rows = [.. Enumerable.Range(0, images.Count).Where(i => all[i]?.Kind == kind)];
            double[] own = [.. rows.Select(row => found[row])];
            var (saliency, occlusion, hits) = Overlaps(model, encoding, images,
                [.. rows.Take(MapsOfEach).Select(row => (row, all[row]!.Mask))]);
            kinds.Add(new(kind, heldOut, rows.Length, Auc(own), own.Count(p => p > 0.5) / (double)own.Length, saliency,
                occlusion, hits));
        }
        return new(kinds, Auc([.. test.Where((_, i) => defects.Tested[i] is not null)]));
    }

    /// <summary>A table in lines.</summary>
    internal IEnumerable<string> Lines()
    {
        yield return "Kinds of defect (IoU: intersection over union of the defect and of what the map marks; hits: the "
            + "most salient pixel is of the defect):";
        yield return "kind      images  ROC-AUC  recall  IoU saliency  IoU occlusion    hits";
        foreach (var kind in Kinds)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{kind.Kind.ToString().ToLowerInvariant(),-8}  {kind.Count,6}  {kind.RocAuc,7:0.0000}  "
                + $"{kind.Recall:0.0000}  {kind.SaliencyOverlap,12:0.0000}  {kind.OcclusionOverlap,13:0.0000}  "
                + $"{kind.Hits:0.0000}{(kind.HeldOut ? "  never trained on" : "")}");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"ROC-AUC {SeenRocAuc:0.0000} on the kinds trained on, {HeldOut.RocAuc:0.0000} on the kind held out");
    }

    static (double Saliency, double Occlusion, double Hits) Overlaps(Module model, ImageEncoding encoding,
        ImageSet images, (int Row, IReadOnlyList<bool> Mask)[] some)
    {
        var x = encoding.Encode(images, [.. some.Select(one => one.Row)]);
        int places = images.Size * images.Size;
        float[] saliency = Diagnostics.Saliency.Smooth(model, x, new TorchRandom(1), samples: Samples).ToArray<float>(),
            occlusion = Diagnostics.Occlusion.Of(model, x).ToArray<float>();
        double sumS = 0, sumO = 0, hits = 0;
        foreach (var (i, (_, mask)) in some.Index())
        {
            float[] salient = Smoothed(saliency.AsSpan(i * places, places), images.Size);
            sumS += Overlap(salient, mask);
            sumO += Overlap(occlusion[(i * places)..((i + 1) * places)], mask);
            if (mask[Array.IndexOf(salient, salient.Max())]) hits++;
        }
        return (sumS / some.Length, sumO / some.Length, hits / some.Length);
    }

    static double Overlap(float[] map, IReadOnlyList<bool> mask)
    {
        double least = HalfOfMost * map.Max();
        int both = 0, either = 0;
        for (int i = 0; i < map.Length; i++)
        {
            bool marked = map[i] > 0 && map[i] >= least;
            if (marked && mask[i]) both++;
            if (marked || mask[i]) either++;
        }
        return either == 0 ? 0 : (double)both / either;
    }

    /// <summary>The mean of each pixel and its neighbours.</summary>
    static float[] Smoothed(ReadOnlySpan<float> map, int size)
    {
        float[] smooth = new float[map.Length];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                float sum = 0;
                int count = 0;
                for (int v = Math.Max(0, y - 1); v <= Math.Min(size - 1, y + 1); v++)
                {
                    for (int u = Math.Max(0, x - 1); u <= Math.Min(size - 1, x + 1); u++)
                    {
                        sum += map[v * size + u];
                        count++;
                    }
                }
                smooth[y * size + x] = sum / count;
            }
        }
        return smooth;
    }
}
