using ChainRule.Classical;

namespace ChainRule.Tests.Classical;

public sealed class SupportVectorRegressionTest
{
    public static TheoryData<string> Cases => Golden.Names("classical", "svr");

    [Theory, MemberData(nameof(Cases))]
    public void Predictions_equal_scikit_learns(string name)
    {
        var golden = Golden.Case("classical", name);
        var (x, y) = (Of(golden.Inputs[0]), Of(golden.Inputs[1]));
        var kernel = golden.Text("kernel") == "linear" ? Kernel.Linear : Kernel.Rbf;
        double? gamma = golden.Has("gamma") ? golden.Number("gamma") : null;
        var model = SupportVectorRegression.Fit(x, y, kernel, golden.Number("c"), golden.Number("epsilon"), gamma,
            tolerance: 1e-6);
        Assert.True(model.Converged);
        Close.Equal(golden.Output.Data, model.Predict(x).ToArray<double>(), 1e-4, name);
        Close.Equal(golden.Output.Data, model.ToNetwork().Forward(x.To(DType.Float32))
            .To(DType.Float64).ToArray<double>(), 1e-4, "network");
    }

    [Fact]
    public void Errors_within_epsilon_cost_nothing()
    {
        var x = Tensor.From(new double[,] { { 0 }, { 1 }, { 2 }, { 3 }, { 4 } });
        // Off the line 2 x + 1 by less than half.
        var model = SupportVectorRegression.Fit(x, Tensor.From([1.3, 2.8, 5.4, 6.7, 9.2]), Kernel.Linear, c: 1000,
            epsilon: 0.5, tolerance: 1e-9);
        Assert.All(model.Predict(x).ToArray<double>().Zip([1.3, 2.8, 5.4, 6.7, 9.2]),
            one => Assert.InRange(Math.Abs(one.First - one.Second), 0, 0.5 + 1e-6));
        Assert.InRange(model.SupportVectors, 1, 4);
        Assert.StartsWith("support vector regression of 1 columns, linear kernel, ", model.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_large_error_moves_it_little()
    {
        double[] y = [.. Enumerable.Range(0, 20).Select(i => 2.0 * i)];
        var x = Tensor.From([.. Enumerable.Range(0, 20).Select(i => (double)i)], [20, 1]);
        var clean = LinearRegression.Fit(x, Tensor.From(y));
        y[10] = 1000;
        Assert.True(Math.Abs(LinearRegression.Fit(x, Tensor.From(y)).Predict(x)[0] - clean.Predict(x)[0]) > 10);
        Assert.True(Math.Abs(SupportVectorRegression.Fit(x, Tensor.From(y), Kernel.Linear, c: 0.1)
            .Predict(x)[0] - clean.Predict(x)[0]) < 2);
    }

    [Fact]
    public void Targets_within_epsilon_of_one_number_need_no_support_vectors()
    {
        var x = Tensor.From(new double[,] { { 0 }, { 1 } });
        var model = SupportVectorRegression.Fit(x, Tensor.From([1.0, 1.1]), epsilon: 0.2);
        Assert.Equal(0, model.SupportVectors);
        Close.Equal([1.05, 1.05], model.Predict(x).ToArray<double>(), 1e-12, "the middle");
        Refused.With<InvalidOperationException>("support vector regression: there are no support vectors, since all "
            + "targets lie within epsilon of one number: give a smaller epsilon",
            () => model.ToNetwork());
    }

    [Fact]
    public void A_search_that_is_cut_short_says_so()
    {
        var golden = Golden.Cases("classical", "svr")[^1];
        var model = SupportVectorRegression.Fit(Of(golden.Inputs[0]), Of(golden.Inputs[1]), maxSteps: 3);
        Assert.False(model.Converged);
        Assert.EndsWith(", not converged", model.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        var (x, y) = (Tensor.From(new double[,] { { 0 }, { 1 } }), Tensor.From([1.0, 2]));
        Refuse("support vector regression: C 0: give a finite number above 0",
            () => SupportVectorRegression.Fit(x, y, c: 0));
        Refuse("support vector regression: epsilon -1: give a finite number, 0 or more",
            () => SupportVectorRegression.Fit(x, y, epsilon: -1));
        Refuse("support vector regression: gamma 0: give a finite number above 0",
            () => SupportVectorRegression.Fit(x, y, gamma: 0));
        Refuse("support vector regression: kernel 7: give Kernel.Linear or Rbf",
            () => SupportVectorRegression.Fit(x, y, (Kernel)7));
        Refuse("support vector regression: the targets are [2] for 1 rows: give [1]",
            () => SupportVectorRegression.Fit(Tensor.Ones([1, 1]), y));
    }

    static Tensor Of(GoldenTensor one) => Tensor.From(one.Data, one.Shape);
}
