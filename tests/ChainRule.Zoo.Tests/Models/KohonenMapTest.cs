using ChainRule.Classical;
using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Models;

public sealed class KohonenMapTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_gradient_of_its_loss_is_that_of_central_differences(bool online)
    {
        var map = new KohonenMap(new(Rows: 3, Columns: 2, Online: online), 4, new TorchRandom(3));
        var x = Tensor.Randn([online ? 1 : 7, 4], new TorchRandom(4), DType.Float64);
        GradCheck.Require("map", () => map.Loss(x, 0.8), map.NamedParameters());
    }

    /// <summary>One step of gradient descent is Kohonen's rule, written out.</summary>
    [Fact]
    public void A_step_online_moves_each_unit_towards_the_row_by_its_neighbourhood()
    {
        const double Rate = 0.3, Radius = 1.2;
        var map = new KohonenMap(new(Rows: 4, Columns: 3, Online: true), 2, new TorchRandom(3));
        double[] before = map.Weight.ToArray<double>(), x = [0.4, 0.9];
        var row = Tensor.From(x, [1, 2]);
        var (grid, best) = (map.Read(), map.Read().BestUnits(row)[0]);
        map.Loss(row, Radius).Backward();
        new Sgd(map.Parameters(), Rate).Step();
        double[] after = map.Weight.ToArray<double>();
        for (int k = 0; k < 12; k++)
        {
            double h = Math.Exp(-Math.Pow(grid.GridDistance(best, k) / Radius, 2) / 2);
            for (int j = 0; j < 2; j++)
                Assert.Equal(before[2 * k + j] + Rate * h * (x[j] - before[2 * k + j]), after[2 * k + j], 1e-14);
        }
    }

    /// <summary>The same start and the same rule, without a graph.</summary>
    [Theory]
    [InlineData(GridShape.Hexagonal, false)]
    [InlineData(GridShape.Rectangular, true)]
    public void Trained_by_the_batch_form_it_comes_to_the_weights_of_the_classical_map(GridShape grid, bool toroidal)
    {
        var config = RunConfig.For(TaskKind.Map, "kohonen") with
            { Seed = 7, Sizes = new KohonenMapOptions(Rows: 6, Columns: 5, grid, toroidal, Epochs: 20) };
        var run = TrainingRun.Start(_folder.PathOf("run"), config);
        var known = SelfOrganizingMap.Fit(((MapData)run.Data).Inputs, new()
            { Rows = 6, Columns = 5, Grid = grid, Toroidal = toroidal, Passes = 20, Seed = 7 });
        run.Train();
        double[] trained = run.Model.Parameters()[0].ToArray<double>(), fitted = known.Weights.ToArray<double>();
        for (int i = 0; i < fitted.Length; i++) Assert.Equal(fitted[i], trained[i], 1e-9);
        var points = run.Trainer.History.Points;
        Assert.Equal(21, points.Count);
        for (int i = 0; i < points.Count; i++)
        {
            Assert.Equal(known.QuantizationErrors[i], points[i].ValidationLoss, 1e-9);
            Assert.Equal(known.TopographicErrors[i], points[i].Metrics["topographicError"], 1e-9);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_recipe_reaches_its_goal_on_the_house_prices_and_both_errors_fall(bool online)
    {
        var sizes = new KohonenMapOptions(Online: online, Epochs: online ? 5 : 50);
        var run = TrainingRun.Start(_folder.PathOf("run"), RunConfig.For(TaskKind.Map, "kohonen") with
            { Sizes = sizes, Options = new MapOptions(Target: "district") });
        run.Train();
        var summary = run.Finish();
        Assert.InRange(summary.ValLoss, 0, Recipe.Find(TaskKind.Map, "kohonen").For(TaskKind.Map).Goal);
        // Online the neighbourhood stays wider, and the units further from their rows.
        Assert.InRange(summary.ValLoss, 0, (online ? 0.75 : 0.6) * summary.InitialLoss);
        Assert.InRange(summary.Metrics["topographicError"], 0,
            0.5 * run.Trainer.History.Points[0].Metrics["topographicError"]);
        var made = TableMap.Of(run);
        Assert.InRange(made.Purity, made.LargestClass + 0.1, 1);
        Assert.Equal(2000, made.Units.Hits.Sum());

        var saved = MapModel.Load(_folder.PathOf("run"));
        Assert.Equal(made.Map.Weights.ToArray<double>(), saved.Map.Weights.ToArray<double>());
        Assert.Equal(made.Units.ClassOf, saved.Units.ClassOf);
        var places = saved.Place(((MapData)run.Data).Table);
        Assert.Equal(made.BestUnits, places.Select(place => place.Row * saved.Map.Columns + place.Column));
        Assert.Equal(summary.ValLoss, places.Average(place => place.Distance), 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_is_broken_off_goes_on_to_the_same_bits(bool online)
    {
        var config = RunConfig.For(TaskKind.Map, "kohonen") with
            { Sizes = new KohonenMapOptions(Rows: 4, Columns: 4, Online: online, Epochs: online ? 2 : 20) };
        TrainingRun.Start(_folder.PathOf("whole"), config).Train();
        var run = TrainingRun.Start(_folder.PathOf("broken"), config);
        using var stop = new CancellationTokenSource();
        run.Trainer.Stepped += (step, _) =>
        {
            if (step == (online ? 2345 : 11)) stop.Cancel();
        };
        run.Train(cancellationToken: stop.Token);
        var resumed = TrainingRun.Resume(_folder.PathOf("broken"));
        Assert.Equal(online ? 2345 : 11, resumed.Trainer.Step);
        resumed.Train();
        foreach (string file in (string[])["model.safetensors", "last.safetensors"])
            Assert.Equal(File.ReadAllBytes(_folder.PathOf($"whole/{file}")),
                File.ReadAllBytes(_folder.PathOf($"broken/{file}")));
    }

    [Fact]
    public void A_run_on_something_else_is_no_map()
    {
        TrainingRun.Start(_folder.PathOf("run"), RunConfig.For(TaskKind.Names, "counts"));
        Assert.Contains("is a run on names: ", Assert.ThrowsAny<ArgumentException>(() =>
            MapModel.Load(_folder.PathOf("run"))).Message, StringComparison.Ordinal);
    }
}
