using ChainRule.Classical;

namespace ChainRule.Tests.Classical;

public sealed class LogisticRegressionTest
{
    public static TheoryData<string> Cases => Golden.Names("classical", "logistic");

    [Theory, MemberData(nameof(Cases))]
    public void Weights_and_probabilities_equal_scikit_learns(string name)
    {
        var golden = Golden.Case("classical", name);
        var x = Tensor.From(golden.Inputs[0].Data, golden.Inputs[0].Shape);
        int classes = golden.Int("classes"), columns = x.Shape[1];
        var model = LogisticRegression.Fit(x, Ids.From(golden.Ids!.Data), 1 / golden.Number("c"), classes,
            golden.Flag("weighted") ? golden.Inputs[1].Data : null);
        Assert.True(model.Converged);
        Close.Equal(golden.Output.Data, model.Probabilities(x).ToArray<double>(), 1e-5, "probabilities");
        int[] outputs = classes == 2 ? [1] : [.. Enumerable.Range(0, classes)];
        double[] weights = [.. from o in outputs from c in Enumerable.Range(0, columns) select model.Weight(o, c)];
        Close.Equal(golden.State[0].Value.Data, weights, 1e-5, "weights");
        Close.Equal(golden.State[1].Value.Data, [.. outputs.Select(model.Intercept)], 1e-5, "intercepts");
        Close.Equal(golden.Output.Data, model.ToLayer().Forward(x.To(DType.Float32)).Softmax()
            .To(DType.Float64).ToArray<double>(), Close.Float32, "layer");
    }

    [Fact]
    public void A_class_that_no_row_has_is_improbable()
    {
        var model = LogisticRegression.Fit(Tensor.From(new double[,] { { -1 }, { 0 }, { 1 }, { 2 } }),
            Ids.From(0, 0, 2, 2), classes: 3);
        Assert.True(model.Probabilities(Tensor.From(new double[,] { { 0.5 } }))[0, 1] < 1e-4);
        Assert.Equal("logistic regression of 1 columns and 3 classes", model.ToString());
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        var x = Tensor.From(new double[,] { { 1 }, { 2 } });
        Refuse("logistic regression: row 1 is of class -1: number the classes from 0",
            () => LogisticRegression.Fit(x, Ids.From(0, -1)));
        Refuse("logistic regression: 2 classes, and row 1 is of class 2: count all classes",
            () => LogisticRegression.Fit(x, Ids.From(0, 2), classes: 2));
        Refuse("logistic regression: the targets are [1] for 2 rows: give [2]",
            () => LogisticRegression.Fit(x, Ids.From([0])));
        Refuse("logistic regression: 1 weights for 2 classes: give one for each",
            () => LogisticRegression.Fit(x, Ids.From(0, 1), classWeights: [1]));
        Refuse("logistic regression: the weight of a class is -1: give a finite number, 0 or more",
            () => LogisticRegression.Fit(x, Ids.From(0, 1), classWeights: [1, -1]));
        Refuse("logistic regression: class 2: classes run from 0 to 1", () => LogisticRegression.Fit(x, Ids.From(0, 1))
            .Weight(2, 0));
        Refuse("logistic regression: 2,000,000 classes: number them from 0, 100,000 of them at most",
            () => LogisticRegression.Fit(x, Ids.From(0, 1_999_999)));
    }
}
