using ChainRule.Classical;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using LinearLayer = ChainRule.Layers.Linear;

namespace ChainRule.Tests.Classical;

public sealed class LinearRegressionTest
{
    public static TheoryData<string> Cases => Golden.Names("classical", "linear");

    [Theory, MemberData(nameof(Cases))]
    public void Weights_equal_scikit_learns(string name)
    {
        var golden = Golden.Case("classical", name);
        var (x, y) = (Of(golden.Inputs[0]), Of(golden.Inputs[1]));
        var model = LinearRegression.Fit(x, y, golden.Number("ridge"));
        Close.Equal(golden.Output.Data, [.. model.Weights, model.Intercept], Close.Float64, name);
    }

    [Fact]
    public void Gradient_descent_comes_to_the_same_weights()
    {
        var golden = Golden.Case("classical", "linear: five columns, ridge 0");
        var (x, y) = (Of(golden.Inputs[0]), Of(golden.Inputs[1]));
        var exact = LinearRegression.Fit(x, y);
        var layer = new LinearLayer(5, 1, new TorchRandom(1));
        layer.To(DType.Float64);
        var optimizer = new Sgd(layer.Parameters(), 0.1);
        for (int step = 0; step < 3000; step++)
        {
            using var scope = Scope.Begin();
            optimizer.ZeroGrad();
            layer.Forward(x).Reshape([30]).MseLoss(y).Backward();
            optimizer.Step();
        }
        double[] found = [.. layer.Weight.ToArray<double>(), layer.Bias!.Value.ToArray<double>()[0]];
        Close.Equal([.. exact.Weights, exact.Intercept], found, 1e-6, "weights");
    }

    /// <summary>Of more columns than rows, the weights are combinations of the rows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e-6)]
    public void More_columns_than_rows_are_solved_in_the_space_of_the_rows(double ridge)
    {
        const int Rows = 3, Wide = 40;
        double[] numbers = [.. Enumerable.Range(0, Rows * Wide).Select(i => i * 37 % 101 / 50.0 - 1)];
        double[] y = [1, -2, 0.5];
        var model = LinearRegression.Fit(Tensor.From(numbers, [Rows, Wide]), Tensor.From(y, [Rows]), ridge);
        // At the minimum the gradient is 0: −2 Xᵀ (y − X w) + 2 λ w, of centred x and y.
        double[] left = [.. Enumerable.Range(0, Rows).Select(i => y[i] - model.Intercept
            - Enumerable.Range(0, Wide).Sum(c => numbers[i * Wide + c] * model.Weights[c]))];
        Assert.Equal(0, left.Sum(), 1e-12);
        for (int c = 0; c < Wide; c++)
        {
            double mean = Enumerable.Range(0, Rows).Average(i => numbers[i * Wide + c]);
            Assert.Equal(ridge * model.Weights[c],
                Enumerable.Range(0, Rows).Sum(i => (numbers[i * Wide + c] - mean) * left[i]), 1e-12);
        }
        Assert.Empty(model.Dropped);
    }

    [Fact]
    public void Prediction_and_layer_say_the_same()
    {
        var golden = Golden.Case("classical", "linear: five columns, ridge 0.5");
        var x = Of(golden.Inputs[0]);
        var model = LinearRegression.Fit(x, Of(golden.Inputs[1]), 0.5);
        var x32 = x.To(DType.Float32);
        Close.Equal(model.Predict(x).ToArray<double>(), model.ToLayer().Forward(x32)
            .To(DType.Float64).ToArray<double>(), Close.Float32, "layer");
        Assert.Equal(DType.Float32, model.Predict(x32).DType);
        Assert.StartsWith("linear regression of 5 columns, intercept ", model.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_depends_on_others_is_said_by_name()
    {
        var x = Tensor.From(new double[,] { { 1, 2, 5, 3 }, { 2, 1, 5, 3 }, { 3, 5, 5, 8 }, { 4, 4, 5, 8 },
            { 0, 1, 5, 1 } });
        var y = Tensor.From([1.0, 2, 3, 5, 4]);
        void Refuse(string sentence, Tensor x, Tensor y, IReadOnlyList<string>? names) =>
            Assert.Equal(sentence,
                Assert.ThrowsAny<ArgumentException>(() => LinearRegression.Fit(x, y, names: names)).Message);
        Refuse("linear regression: column 'b' is constant, and any weight of it is as good as another: leave it out, "
            + "give ridge above 0, or set dropDependent",
            x, y, ["width", "depth", "b", "sum"]);
        Refuse("linear regression: column 'sum' is a linear combination of 'width', 'depth', and any weight of it is "
            + "as good as another: leave it out, give ridge "
            + "above 0, or set dropDependent", Of(x, 0, 1, 3), y, ["width", "depth", "sum"]);
        Refuse("linear regression: column '1' is a linear combination of '0', and any weight of it is as good as "
            + "another: leave it out, give ridge above 0, or set "
            + "dropDependent", Of(x, 0, 0, 1).To(DType.Float32), y, null);
        Refuse("linear regression: 3 rows do not decide 3 weights and an intercept: give more rows, or ridge above 0",
            Tensor.From(new double[,] { { 1, 2, 4 }, { 2, 1, 3 }, { 3, 5, 9 } }), Tensor.From([1.0, 2, 3]), null);
    }

    [Fact]
    public void A_dependent_column_can_be_left_out_and_the_prediction_is_the_same()
    {
        var x = Tensor.From(new double[,] { { 1, 2, 5, 3 }, { 2, 1, 5, 3 }, { 3, 5, 5, 8 }, { 4, 4, 5, 8 },
            { 0, 1, 5, 1 } });
        var y = Tensor.From([1.0, 2, 3, 5, 4]);
        var (all, two) = (LinearRegression.Fit(x, y, dropDependent: true), LinearRegression.Fit(Of(x, 0, 1), y));
        Assert.Equal([2, 3], all.Dropped);
        Assert.Equal([0.0, 0.0], all.Weights.Skip(2));
        Close.Equal(two.Predict(Of(x, 0, 1)).ToArray<double>(), all.Predict(x).ToArray<double>(), Close.Float64,
            "prediction");
        Assert.Empty(LinearRegression.Fit(x, y, ridge: 0.1).Dropped);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        var (x, y) = (Tensor.From(new double[,] { { 1 }, { 2 }, { 4 } }), Tensor.From([1.0, 2, 3]));
        Refuse("linear regression: the inputs are [3]: give a matrix [rows, columns] with at least one of each",
            () => LinearRegression.Fit(y, y));
        Refuse("linear regression: the targets are [2] for 3 rows: give [3]",
            () => LinearRegression.Fit(x, Tensor.From([1.0, 2])));
        Refuse("linear regression: row 1, column 0 of the inputs is NaN: give finite numbers",
            () => LinearRegression.Fit(Tensor.From(new double[,] { { 1 }, { double.NaN }, { 4 } }), y));
        Refuse("linear regression: the target of row 2 is Infinity: give finite numbers",
            () => LinearRegression.Fit(x, Tensor.From([1.0, 2, double.PositiveInfinity])));
        Refuse("linear regression: 2 names for 1 columns: name each column",
            () => LinearRegression.Fit(x, y, names: ["a", "b"]));
        Refuse("linear regression: ridge -1: give a finite number, 0 or more", () => LinearRegression.Fit(x, y, -1));
        Refuse("linear regression: predict: the inputs are [1, 2], and the model was fitted to 1 columns: give "
            + "[rows, 1]",
            () => LinearRegression.Fit(x, y).Predict(Tensor.Ones([1, 2])));
    }

    static Tensor Of(GoldenTensor one) => Tensor.From(one.Data, one.Shape);

    static Tensor Of(Tensor x, params int[] columns) =>
        Tensor.From([.. from i in Enumerable.Range(0, x.Shape[0]) from c in columns select x[i, c]],
            [x.Shape[0], columns.Length]);
}
