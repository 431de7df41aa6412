using ChainRule.Cli.Pages;
using ChainRule.Tests;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Tests.Pages;

public sealed class TablePageTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_of_a_regression_has_all_that_is_known_of_it()
    {
        string html = Written(SampleReports.Regression());
        Shows(html, "price of houses.csv, predicted by mlp", "It is worth it: a linear model explains 77.9 %.",
            "auto took mlp: it has the lowest error on the validation rows.",
            "Of 2,000 rows, 1,440 were learned from, 160 served to stop training and to choose, and 400 were kept to "
                + "judge the model by, once: at random. 3 more rows lack the target and were left out.",
            "Warning: column &#39;tax&#39; may give the target away", "Mean ± standard deviation over the folds",
            "40,000 ± 2,000", "The worst errors on the test rows", "−191,954",
            "suspected leak: rank correlation 0.9995", "left out",
            "The loss on the validation rows was lowest after step 2,500", "<td>learningRate</td>",
            "<td class=\"n\">42</td>");
        Assert.Equal(
            ["R² of each model on the test rows", "Predicted and actual", "Residuals", "How large the residuals are",
                "Importance of the columns", "How the prediction depends on the columns that count most",
                "Loss while training"], Charts(html));
        Assert.DoesNotContain("ROC", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "ROC curve")]
    [InlineData(3, "ROC curves, each class against the rest")]
    [InlineData(12, "ROC curves of the 10 classes with the least area")]
    public void The_page_of_a_classification_shows_what_was_taken_for_what(int classes, string roc)
    {
        string html = Written(SampleReports.Classification(classes));
        Assert.Equal(
            ["accuracy of each model on the test rows", "What was taken for what", roc,
                "Reliability of the probabilities", "Importance of the columns",
                "How the prediction depends on the columns that count most", "Loss while training"], Charts(html));
        Shows(html, $"One of {classes} classes is predicted (classification)", "A linear model is as good: take it.",
            "class &lt;a&gt;");
        Assert.Equal(classes == 2, html.Contains("is predicted from a probability of 0.5 on: the default.",
            StringComparison.Ordinal));
        Assert.DoesNotContain("<a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_and_bias_stand_by_column_the_largest_first_and_findings_with_the_verdict()
    {
        string html = Written(SampleReports.Classification(2) with
        {
            Positive = "yes", Findings = ["no line separates the classes"],
            Weights = new(["yes"], [new("age", [0.5]), new("size <m²>", [-2.25])], [0.125], Standardised: true),
        });
        Shows(html, "No line separates the classes.", "The weights", "is the probability of &#39;yes&#39;",
            "standard deviations from their mean", "size &lt;m²&gt;", "−2.2500", "(bias)", "0.1250");
        string table = html[html.IndexOf("Weights and bias", StringComparison.Ordinal)..];
        Assert.InRange(table.IndexOf("−2.2500", StringComparison.Ordinal), 0,
            table.IndexOf("0.5000", StringComparison.Ordinal));
        Assert.DoesNotContain("The weights", Written(SampleReports.Classification(2)), StringComparison.Ordinal);
        html = Written(SampleReports.Classification(3) with
        {
            Weights = new(["a", "b", "c"], [.. Enumerable.Range(0, 120).Select(i =>
                new ColumnWeights($"c{i}", [i, 0, 1]))],
                [1, 2, 3], Standardised: false),
        });
        Shows(html, "softmax makes probabilities of them", "as they stand in the table",
            "The 100 largest of 120 are shown.", "c119");
        Assert.DoesNotContain(">c19<", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_column_without_a_name_is_shown_as_one(string name)
    {
        var full = SampleReports.Regression();
        string html = Written(full with
        {
            Target = name, Columns = [.. full.Columns.Select(column => column with { Name = name })],
            Importance = [.. full.Importance.Select(one => one with { Column = name })],
            Dependence = [.. full.Dependence.Select(one => one with { Column = name, Output = name })],
        });
        Shows(html, "(no name) of houses.csv, predicted by mlp", "<td>(no name)</td>", "predicted (no name)");
    }

    [Fact]
    public void Folds_in_the_order_of_time_are_said_to_go_forward()
    {
        var full = SampleReports.Regression();
        Shows(Written(full), "into 5 folds, each of which was predicted by a model that learned from the others. Mean");
        Shows(Written(full with { Settings = new Dictionary<string, string> { ["timeOrder"] = "sold" } }),
            "into 6 parts: each of the last 5 was predicted by a model that learned from the parts before it "
                + "alone. Mean");
    }

    [Fact]
    public void A_model_that_is_solved_at_once_has_no_curve() => Shows(
        Written(SampleReports.Regression(), history: 1), "solved at once, and not step by step");

    [Fact]
    public void What_is_not_known_or_not_defined_is_left_out_and_names_may_be_alike()
    {
        var full = SampleReports.Regression();
        string name = new('x', 200);
        string html = Written(full with
        {
            Folds = null, Chosen = null, Dependence = [], Worst = [], Verdict = [], Warnings = [],
            Models = [full.Models[0] with { Test = new Dictionary<string, double> { ["R²"] = double.NaN } }],
            Test = new([1, 2], [5, 5], [5, 5], []),
            Importance = [new($"{name}1", 0, 0, 0), new($"{name}2", 1, 1, 1), new("", 1, 1, 1)],
            Target = "a\u0007b`<b>",
        });
        Assert.Equal(["Residuals", "How large the residuals are", "Importance of the columns", "Loss while training"],
            Charts(html));
        Shows(html, "<td>–</td>", "(no name)");
        Assert.DoesNotContain("\u0007", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    static void Shows(string html, params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, html, StringComparison.Ordinal));

    static string[] Charts(string html) => [.. html.Split("<figcaption><h3 id=\"").Skip(1).Select(part =>
        part[(part.IndexOf('>', StringComparison.Ordinal) + 1)..part.IndexOf("</h3>", StringComparison.Ordinal)])];

    // Without the scripts that draw.
    string Written(TableReport report, int history = int.MaxValue)
    {
        string path = TablePage.Of(report, [.. SampleReports.History.Take(history)]).Save(_folder.PathOf("page.html"));
        return File.ReadAllText(path).Split("</main>")[0].Replace("&#177;", "±", StringComparison.Ordinal)
            .Replace("&#178;", "²", StringComparison.Ordinal);
    }
}
