using System.Text.Json;
using ChainRule.Randomness;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Images;

public sealed class DrawnTexturesTest
{
    [Fact]
    public void Surfaces_are_the_same_each_time_and_half_of_them_have_a_defect_that_is_seen()
    {
        var (one, two) = (DrawnTextures.Draw(32, DefectKind.Stain), DrawnTextures.Draw(32, DefectKind.Stain));
        Assert.Equal(one.Sha256, two.Sha256);
        Assert.NotEqual(one.Sha256, DrawnTextures.Draw(32, DefectKind.Hole).Sha256);
        Assert.Equal((4000, 1000, 200), (one.Train.Count, one.Test!.Count, one.Defects!.Held.Count));
        Assert.Equal((2000, 500), (one.Train.Labels.Sum(), one.Test.Labels.Sum()));
        var kinds = one.Defects.Tested.Where(defect => defect is not null).CountBy(defect => defect!.Kind)
            .ToDictionary();
        Assert.Equal([DefectKind.Scratch, DefectKind.Blob, DefectKind.Hole, DefectKind.Thread], kinds.Keys.Order());
        Assert.All(kinds.Values, count => Assert.Equal(125, count));
        Assert.All(one.Defects.Others, defect => Assert.Equal(DefectKind.Stain, defect!.Kind));
        // Every kind changes pixels, and none the whole surface.
        foreach (var kind in one.Defects.Tested.Concat(one.Defects.Others).Where(d => d is not null)
            .GroupBy(d => d!.Kind))
            Assert.InRange(kind.Average(defect => defect!.Mask.Count(changed => changed)), 5, 200);
    }

    [Fact]
    public void Defects_are_found_and_the_maps_lie_on_them()
    {
        var data = ImageData.Open(null, new ImageOptions(Drawn: ImageDrawing.Surfaces));
        var model = new Cnn(new CnnOptions(Width: 8), data.Encoding.Shape.Input, 1, new TorchRandom(42));
        var plan = Recipe.Find(TaskKind.Images, "cnn").For(TaskKind.Images);
        var report = Trained.Evaluated(data, model, plan, steps: 300).Details[DefectReport.Name]
            .Deserialize<DefectReport>(RunFile.Json)!;
        Assert.InRange(report.SeenRocAuc, 0.98, 1);
        Assert.InRange(report.HeldOut.RocAuc, 0.9, 1);
        // A map that marked every pixel would overlap by 0.04.
        Assert.InRange(report.SeenOverlap, 0.25, 1);
        Assert.Equal(5, report.Kinds.Count);
        Assert.Contains("never trained on", string.Join('\n', report.Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void They_do_not_go_with_data_or_colour()
    {
        string Refused(string? source, ImageOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => ImageData.Open(source, options)).Message;
        Assert.Equal("images: --drawn surfaces does not go with cats: give one of them",
            Refused("cats", new ImageOptions(Drawn: ImageDrawing.Surfaces)));
        Assert.Equal("images: channels 3: drawn surfaces are grey: leave it out",
            Refused(null, new ImageOptions(Drawn: ImageDrawing.Surfaces, Channels: 3)));
    }
}
