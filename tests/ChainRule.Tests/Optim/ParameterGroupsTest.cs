using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

/// <summary>Parameters with a learning rate and a weight decay of their own.</summary>
public sealed class ParameterGroupsTest
{
    public static TheoryData<string> Recorded =>
        Golden.Names("optim", "groups_sgd", "groups_adamw", "groups_adam", "groups_rmsprop", "groups_adagrad");

    [Theory, MemberData(nameof(Recorded))]
    public void Move_as_those_of_PyTorch(string name)
    {
        Tensor[] w = [Tensor.From(0.5, -1, 2).RequireGrad(), Tensor.From(new double[,] { { 1, -0.5 } }).RequireGrad()];
        Optimizer optimizer = name switch
        {
            "groups_sgd" => new Sgd(w, 0.1, new() { Momentum = 0.9 }),
            "groups_adamw" => new AdamW(w, 0.02),
            "groups_adam" => new Adam(w, 0.02),
            "groups_rmsprop" => new RmsProp(w, 0.01),
            _ => new AdaGrad(w, 0.05),
        };
        optimizer.Group([w[1]], learningRateFactor: 0.1, weightDecay: 0.05);
        for (int step = 0; step < 5; step++)
        {
            optimizer.ZeroGrad();
            w.Select(x => x.Square().Sum() * 0.5 + x.Sum() * 0.25).Aggregate((a, b) => a + b).Backward();
            optimizer.Step();
        }
        Close.Equal(Golden.Case("optim", name).Output.Data, [.. w.SelectMany(x => x.ToArray<double>())],
            Close.Float64, name);
    }

    [Fact]
    public void What_the_optimiser_does_not_train_is_refused_and_nothing_is_changed()
    {
        Tensor mine = Tensor.Ones([1]).RequireGrad(), other = Tensor.Ones([3]).RequireGrad();
        var optimizer = new Sgd([mine], 0.5);
        Assert.Equal(
            "Sgd: group: a tensor [3] is none of the 1 parameters: give parameters that the optimiser was made with",
            Assert.ThrowsAny<ArgumentException>(() => optimizer.Group([mine, other], 0)).Message);
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => optimizer.Group([mine], double.NaN));
        mine.Sum().Backward();
        optimizer.Step();
        Assert.Equal(0.5, mine.Item());
        optimizer.Group([mine], learningRateFactor: 0);
        optimizer.ZeroGrad();
        mine.Sum().Backward();
        optimizer.Step();
        Assert.Equal(0.5, mine.Item());
    }
}
