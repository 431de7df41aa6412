using System.Globalization;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Images;

public sealed class CsvImagesTest
{
    [Fact]
    public void Rows_are_images_of_a_class_the_largest_number_is_white_and_a_test_file_beside_is_found()
    {
        using var folder = new TemporaryFolder();
        string train = folder.Write("small.tra.csv", Rows(20)), test = folder.Write("small.tes.csv", Rows(6));
        var read = CsvImages.Read(train, new ImageOptions());
        Assert.Equal(["a", "b"], read.Classes);
        Assert.Equal((20, 6, 4), (read.Train.Count, read.Test!.Count, read.Train.Size));
        Assert.Equal([0, 16, 32], read.Train.Pixels(0)[..3].ToArray().Select(x => (int)x));
        Assert.Equal(255, read.Train.Pixels(1)[^1]);
        Assert.Equal("small.tes.csv, row 5", read.Test.Names[5]);
        File.Delete(test);
        Assert.Null(CsvImages.Read(train, new ImageOptions()).Test);
        // A header names the columns, and is no image.
        folder.Write("named.csv",
            string.Join(',', Enumerable.Range(0, 16).Select(i => $"p{i}")) + ",class\n" + Rows(9));
        Assert.Equal(9, CsvImages.Read(folder.PathOf("named.csv"), new ImageOptions(Size: 8)).Train.Count);
    }

    [Fact]
    public void What_holds_no_images_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("x.csv", "1,2,3,a\n1,2,3,b\n");
        Refuses($"images {path}: 2 rows of 4 columns: give rows of width × width numbers and then a class, as in "
            + "optdigits.tra.csv, with a width of 4 or more", path);
        path = folder.Write("x.csv", Rows(5).Replace("0,1,2", "-1,1,2", StringComparison.Ordinal));
        Refuses($"images {path}: brightness from -1 to 16: 0 is black, and the largest number white: give rows of "
            + "width × width numbers and then a class, as in optdigits.tra.csv", path);
        path = folder.Write("y.train.csv", Rows(5));
        folder.Write("y.test.csv", Rows(5).Replace(",b", ",c", StringComparison.Ordinal));
        Refuses($"images {folder.PathOf("y.test.csv")}: class c has no images to train with: take its rows out", path);
    }

    [RealDataFact("optdigits.tra.csv")]
    public void Optical_digits_are_read_right()
    {
        var data = ImageData.Open(RealData.PathOf("optdigits.tra.csv"), new ImageOptions(Augment: true));
        var plan = Recipe.Find(TaskKind.Images, "cnn").For(TaskKind.Images);
        var model = new Cnn(new CnnOptions(Blocks: 2), data.Encoding.Shape.Input, 10, new TorchRandom(42));
        var report = Trained.On(data, model, plan, steps: 600);
        Assert.Equal(1797, report.Count);
        Assert.InRange(report.Accuracy, 0.975, 1);
    }

    static void Refuses(string message, string path) =>
        Assert.Equal(message, Assert.ThrowsAny<Exception>(() => CsvImages.Read(path, new ImageOptions())).Message);

    /// <summary>Images of 4 × 4, of two classes, with brightness from 0 to 16.</summary>
    static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
        string.Join(',', Enumerable.Range(0, 16).Select(j => (j + i % 2).ToString(CultureInfo.InvariantCulture)))
        + $",{(i % 2 == 0 ? "a" : "b")}\n"));
}
