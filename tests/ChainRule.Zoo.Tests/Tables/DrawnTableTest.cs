using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class DrawnTableTest
{
    [Theory]
    [InlineData(TableDrawing.Moons)]
    [InlineData(TableDrawing.Circles)]
    [InlineData(TableDrawing.Spirals)]
    [InlineData(TableDrawing.Xor)]
    public void Points_of_two_classes_take_turns_and_are_the_same_for_a_seed(TableDrawing drawing)
    {
        string[] lines = DrawnTable.CreateCsv(drawing, 100, 0, 7).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(101, lines.Length);
        Assert.Equal("x,y,class", lines[0]);
        Assert.Equal(50, lines.Count(line => line.EndsWith(",a", StringComparison.Ordinal)));
        Assert.Equal(DrawnTable.CreateCsv(drawing, 100, 0, 7), string.Join('\n', [.. lines, ""]));
        Assert.NotEqual(DrawnTable.CreateCsv(drawing, 100, 0, 8), DrawnTable.CreateCsv(drawing, 100, 0, 7));
    }

    [Fact]
    public void Without_noise_points_lie_where_the_drawing_says()
    {
        foreach (var (x, y, name) in Points(TableDrawing.Circles))
            Assert.Equal(name == "a" ? 1 : 0.4, Math.Sqrt(x * x + y * y), 1e-5);
        foreach (var (x, y, name) in Points(TableDrawing.Xor))
            Assert.Equal((1, 1, name == "a"), (Math.Abs(x), Math.Abs(y), x == y));
        foreach (var (x, y, name) in Points(TableDrawing.Moons))
            Assert.Equal(1,
                name == "a" ? Math.Sqrt(x * x + y * y) : Math.Sqrt((x - 1) * (x - 1) + (y - 0.5) * (y - 0.5)), 1e-5);
        string[] wave = DrawnTable.CreateCsv(TableDrawing.Wave, 50, 0, 1).Split('\n');
        Assert.All(wave.Skip(1).Where(line => line.Length > 0), line =>
        {
            double[] pair = [.. line.Split(',').Select(one => double.Parse(one,
                System.Globalization.CultureInfo.InvariantCulture))];
            Assert.Equal(Math.Sin(2 * Math.PI * pair[0]) + pair[0] / 2, pair[1], 1e-5);
        });

        static IEnumerable<(double X, double Y, string Name)> Points(TableDrawing drawing) =>
            DrawnTable.CreateCsv(drawing, 60, 0, 3).Split('\n').Skip(1).Where(line => line.Length > 0).Select(line =>
            {
                string[] parts = line.Split(',');
                return (double.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
                    double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[2]);
            });
    }

    [Fact]
    public void Fewer_rows_are_trained_with_and_as_many_are_tested_with()
    {
        var options = new TableOptions(Drawn: TableDrawing.Moons, Rows: 500);
        var (all, few) = (TableData.Open(null, options), TableData.Open(null, options with { TrainRows = 40 }));
        Assert.Equal((350, 40), (all.Rows.Train.Length, few.Rows.Train.Length));
        Assert.Equal(all.Rows.Test, few.Rows.Test);
        Assert.Equal(20, few.Rows.Train.Count(row => few.Table.Labels[row] == 0));
        Assert.Subset(all.Rows.Train.ToHashSet(), few.Rows.Train.ToHashSet());
    }

    [Fact]
    public void Numbers_may_be_learned_from_as_they_are()
    {
        var data = TableData.Open(null, new(Standardise: false));
        string[] columns = [.. data.Encoding.Encoder.Columns.Select(one => one.Name)];
        float[] size = data.TrainInputs.Select(1, Array.IndexOf(columns, "size")).ToArray<float>();
        Assert.InRange(size.Average(), 30, 300);
    }

    [Fact]
    public void Prices_of_houses_have_a_noise_of_their_own()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            (RunConfig.For(TaskKind.Table, "dense") with { Options = new TableOptions(Noise: 1) }).Check());
        Assert.Equal("fit: noise 1: the prices of houses have a noise of their own: leave it out, or take another "
            + "drawing", refused.Message);
    }
}
