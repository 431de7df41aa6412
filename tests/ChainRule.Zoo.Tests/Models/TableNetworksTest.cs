using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Models;

/// <summary>The networks of a table that are made of others: <see cref="ResidualMlp"/> and <see
/// cref="MixtureOfExperts"/>.</summary>
public sealed class TableNetworksTest
{
    [Theory]
    [InlineData("residual", true)]
    [InlineData("residual", false)]
    [InlineData("experts", true)]
    public void Gradients_are_those_of_central_differences(string model, bool skips)
    {
        var recipe = Recipe.Find(TaskKind.Table, model);
        var sizes = model == "residual" ? new ResidualMlpOptions(Hidden: 3, Blocks: 2, skips, Dropout: 0) : recipe.Tiny;
        var network = recipe.Build(sizes, new([4], 2), new TorchRandom(3));
        network.To(DType.Float64);
        var x = Tensor.Randn([5, 4], new TorchRandom(4), DType.Float64);
        GradCheck.Require(model, () => network.Forward(x).CrossEntropy(Ids.From([0, 1, 1, 0, 1])),
            network.NamedParameters());
    }

    [Fact]
    public void A_mixture_is_the_sum_of_its_experts_weighed_by_the_gate()
    {
        var network = new MixtureOfExperts(new(Experts: 3, Hidden: 4, Dropout: 0), 2, 1, new TorchRandom(5));
        network.To(DType.Float64);
        var x = Tensor.Randn([6, 2], new TorchRandom(6), DType.Float64);
        double[] weights = network.Weigh(x).ToArray<double>(), said = network.Forward(x).ToArray<double>();
        double[][] parts = [.. network.Experts.Select(expert => expert.Forward(x).ToArray<double>())];
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(1, weights.AsSpan(3 * i, 3).ToArray().Sum(), 12);
            Assert.Equal(Enumerable.Range(0, 3).Sum(k => weights[3 * i + k] * parts[k][i]), said[i], 12);
        }
    }

    /// <summary>
    /// Two moons: an expert that learned the left half, one that learned the right half, and a gate that tells the
    /// halves apart. Put together they are better than either, and stay so when they are trained on together.
    /// </summary>
    [Fact]
    public void A_mixture_is_better_than_the_best_of_its_experts()
    {
        const int Count = 400;
        var rng = new TorchRandom(7);
        var (x, y) = Moons();
        var (testX, testY) = Moons();
        var network = new MixtureOfExperts(new(Experts: 2, Hidden: 8, Dropout: 0), 2, 2, rng);
        network.To(DType.Float64);
        double[] numbers = x.ToArray<double>();
        int[] all = [.. Enumerable.Range(0, Count)], left = [.. all.Where(i => numbers[2 * i] < 0.5)],
            right = [.. all.Except(left)];
        Train(network.Experts[0], left, y);
        Train(network.Experts[1], right, y);
        Train(network.Gate, all, Ids.From([.. all.Select(i => numbers[2 * i] < 0.5 ? 0 : 1)]));
        double best = network.Experts.Max(Right), apart = Right(network);
        Train(network, all, y);
        double together = Right(network);
        Assert.InRange(best, 0.6, 0.9);
        Assert.InRange(apart, best + 0.05, 1);
        Assert.InRange(together, best + 0.05, 1);

        void Train(Module part, int[] rows, Ids targets)
        {
            var adam = new Adam(part.Parameters(), 0.02);
            var own = x.Rows(rows);
            for (int step = 0; step < 300; step++)
            {
                using var scope = Scope.Begin();
                var loss = part.Forward(own).CrossEntropy(targets.Rows(rows));
                adam.ZeroGrad();
                loss.Backward();
                adam.Step();
            }
        }

        double Right(Module part) => part.Forward(testX).Accuracy(testY);

        (Tensor X, Ids Y) Moons()
        {
            double[] points = new double[2 * Count];
            rng.Normal(points, 0, 0.1);
            for (int i = 0; i < Count; i++)
            {
                var (sin, cos) = Math.SinCos(Math.PI * rng.NextDouble());
                points[2 * i] += i % 2 == 0 ? cos : 1 - cos;
                points[2 * i + 1] += i % 2 == 0 ? sin : 0.5 - sin;
            }
            return (Tensor.From(points, [Count, 2]), Ids.From([.. Enumerable.Range(0, Count).Select(i => i % 2)]));
        }
    }

    /// <summary>Each block gives x + f(x); with f of zeros, x itself.</summary>
    [Fact]
    public void A_skip_connection_adds_what_goes_in()
    {
        var network = new ResidualMlp(new(Hidden: 4, Blocks: 1, Dropout: 0), 2, 1, new TorchRandom(5));
        var x = Tensor.Randn([3, 4], new TorchRandom(6));
        foreach (var parameter in network.Blocks[0].Parameters()) parameter.Write<float>().Clear();
        Assert.Equal(x.ToArray<float>(), network.Blocks[0].Forward(x).ToArray<float>());
        var without = new ResidualMlp(new(Hidden: 4, Blocks: 1, Skips: false, Dropout: 0), 2, 1, new TorchRandom(5));
        foreach (var parameter in without.Blocks[0].Parameters()) parameter.Write<float>().Clear();
        Assert.All(without.Blocks[0].Forward(x).ToArray<float>(), one => Assert.Equal(0, one));
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("experts")]
    public void A_recipe_reaches_its_goal_on_the_house_prices(string model)
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"), RunConfig.For(TaskKind.Table, model));
        run.Train();
        Assert.InRange(run.Finish().ValLoss, 0, Recipe.Find(TaskKind.Table, model).For(TaskKind.Table).Goal);
    }

    [Fact]
    public void Sizes_outside_of_their_limits_are_refused() => Assert.Contains("blocks 0",
        Assert.ThrowsAny<ArgumentException>(() => new ResidualMlp(new(Blocks: 0), 2, 1, new TorchRandom(1))).Message,
        StringComparison.Ordinal);
}
