using System.Text.Json;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Shapes;

namespace ChainRule.Lab.Tests.Shapes;

public sealed class ShapesSessionTest
{
    static (ComputedAnswer Answer, Func<NumberBlock, double[]> Numbers, Func<NumberBlock, int[]> Places) Ask(string op,
        string a, string b = "", string axes = "", bool keepDim = false)
    {
        using var session = new ShapesSession();
        byte[] bytes = session.Answer(JsonSerializer.SerializeToUtf8Bytes(new ComputeRequest(op, a, b, axes, keepDim),
            ShapesJson.Default.ShapesRequest));
        var (json, start) = LabReply.Read(bytes);
        var answer = (ComputedAnswer)JsonSerializer.Deserialize(json.Span, ShapesJson.Default.ShapesAnswer)!;
        return (answer,
            block => [.. Enumerable.Range(0, block.Count).Select(i => BitConverter.ToDouble(bytes, start + block.At
                + 8 * i))],
            block => [.. Enumerable.Range(0, block.Count).Select(i => BitConverter.ToInt32(bytes, start + block.At
                + 4 * i))]);
    }

    [Theory]
    [InlineData("matmul", "2, 3", "3, 4", "", "y", 5)]
    [InlineData("matmul", "2, 3", "3, 4", "", "a", 4)]
    [InlineData("add", "2, 3", "3", "", "b", 2)]
    [InlineData("multiply", "2, 1", "1, 3", "", "a", 1)]
    [InlineData("mean", "2, 3", "", "0", "y", 1)]
    [InlineData("transpose", "2, 3", "", "0, 1", "a", 3)]
    public void A_number_says_where_it_came_from_and_is_the_one_that_is_shown(string op, string a, string b,
        string axes, string tensor, int place)
    {
        var (answer, numbers, _) = Ask(op, a, b, axes);
        double shown = tensor == "y" ? numbers(answer.Output.Numbers)[place]
            : numbers(answer.Inputs.Single(one => one.Name == tensor).Gradient)[place];
        var tree = Why(new(op, a, b, axes, false, tensor, place));
        Assert.Equal(shown, tree.Numbers[0].Value);
        Assert.NotEmpty(tree.Numbers[0].Steps);
        Assert.All(tree.Numbers[0].Steps, step => Assert.Equal(0, step.Omitted));
    }

    [Fact]
    public void A_number_that_is_not_there_is_refused()
    {
        Assert.Equal("shapes: y has 6 numbers, and none is 6: give 0 to 5",
            Assert.ThrowsAny<ArgumentException>(() => Why(new("add", "2, 3", "3", "", false, "y", 6))).Message);
        Assert.Equal("shapes: there is no tensor 'b': choose one of y, a",
            Assert.ThrowsAny<ArgumentException>(() => Why(new("sum", "2, 3", "", "1", false, "b", 0))).Message);
    }

    static ChainRule.Lab.Why.WhyTree Why(WhyShapesRequest request)
    {
        using var session = new ShapesSession();
        var (json, _) = LabReply.Read(session.Answer(JsonSerializer.SerializeToUtf8Bytes(request,
            ShapesJson.Default.ShapesRequest)));
        return ((ShapesWhyAnswer)JsonSerializer.Deserialize(json.Span, ShapesJson.Default.ShapesAnswer)!).Tree;
    }

    [Fact]
    public void A_missing_axis_is_used_by_every_row_and_its_gradient_is_their_sum()
    {
        var (answer, numbers, places) = Ask("add", "2, 3", "3");
        Assert.Equal([2, 4, 6, 5, 7, 9], numbers(answer.Output.Numbers));
        Assert.Equal(["missing", "kept"], answer.Inputs[1].Axes);
        Assert.Equal([5, 7, 9], numbers(answer.Inputs[1].Gradient));
        Assert.Equal([1, 2, 3, 4, 5, 6], numbers(answer.Inputs[0].Gradient));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 0, 4, 1, 5, 2], places(answer.Inputs[1].Reached));
        Assert.Equal("b has no axis 0: forward, the same numbers are used 2 times; backward, the gradient is the sum "
            + "of all 2 uses.", Assert.Single(answer.Remarks));
    }

    [Fact]
    public void Axes_of_1_are_stretched_on_both_sides()
    {
        var (answer, numbers, _) = Ask("multiply", "2, 1", "1, 3");
        Assert.Equal([1, 2, 3, 2, 4, 6], numbers(answer.Output.Numbers));
        Assert.Equal(["kept", "stretched"], answer.Inputs[0].Axes);
        Assert.Equal(["stretched", "kept"], answer.Inputs[1].Axes);
        Assert.Equal([14, 32], numbers(answer.Inputs[0].Gradient));
        Assert.Equal(2, answer.Remarks.Count);
    }

    [Fact]
    public void A_product_adds_up_one_axis_of_each()
    {
        var (answer, numbers, places) = Ask("matmul", "5, 2, 3", "3, 4");
        Assert.Equal([5, 2, 4], answer.Output.Shape);
        Assert.Equal(["kept", "kept", "summed"], answer.Inputs[0].Axes);
        Assert.Equal(["missing", "summed", "kept"], answer.Inputs[1].Axes);
        Assert.Equal(1 * 1 + 2 * 5 + 3 * 9, numbers(answer.Output.Numbers)[0]);
        Assert.Equal([0, 0, 0, 1, 0, 2], places(answer.Inputs[0].Reached)[..6]);
        Assert.Equal([0, 0, 0, 4, 0, 8], places(answer.Inputs[1].Reached)[..6]);
        Assert.Contains(answer.Remarks, remark => remark.StartsWith("b has no axis 0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1", false, new[] { 2 }, "a.Sum([1])")]
    [InlineData("-1", true, new[] { 2, 1 }, "a.Sum([-1], keepDim: true)")]
    [InlineData("", false, new int[0], "a.Sum()")]
    public void A_sum_has_the_axes_that_are_left(string axes, bool keepDim, int[] shape, string code)
    {
        var (answer, numbers, _) = Ask("sum", "2, 3", axes: axes, keepDim: keepDim);
        Assert.Equal(shape, answer.Output.Shape);
        Assert.Equal(code, answer.Code);
        Assert.Equal(axes.Length == 0 ? ["summed", "summed"] : ["kept", "summed"], answer.Inputs[0].Axes);
        Assert.Equal(axes.Length == 0 ? [1, 1, 1, 1, 1, 1] : [1, 1, 1, 2, 2, 2], numbers(answer.Inputs[0].Gradient));
    }

    [Theory]
    [InlineData("matmul", "3", "3, 4")]
    [InlineData("matmul", "2, 3", "3")]
    [InlineData("matmul", "3", "5, 3, 4")]
    [InlineData("matmul", "3", "3")]
    [InlineData("subtract", "", "2, 1, 2")]
    [InlineData("transpose", "2, 3", "")]
    [InlineData("mean", "", "")]
    [InlineData("divide", "1", "1")]
    public void Small_and_odd_shapes_are_shown_or_refused_in_a_sentence(string op, string a, string b)
    {
        try
        {
            var (answer, numbers, _) = Ask(op, a, b);
            Assert.All(answer.Inputs, x => Assert.Equal(numbers(x.Numbers).Length, numbers(x.Gradient).Length));
        }
        catch (ArgumentException e)
        {
            Assert.StartsWith(op, e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("add", "2, 3", "4", "3")]
    [InlineData("matmul", "2, 3", "4, 5", "matmul")]
    [InlineData("sum", "2, 3", "", "sum")]
    public void Shapes_that_do_not_fit_get_the_librarys_own_sentence(string op, string a, string b, string begins)
    {
        string said = Assert.ThrowsAny<ArgumentException>(() => Ask(op, a, b, op == "sum" ? "5" : "")).Message;
        var (x, y) = (Tensor.Ones(ShapesOp.Numbers(a, "a")), Tensor.Ones(ShapesOp.Numbers(b, "b")));
        string own = Assert.ThrowsAny<ArgumentException>(() => op switch
        {
            "add" => x + y,
            "matmul" => x.MatMul(y),
            _ => x.Sum([5]),
        }).Message;
        Assert.Equal(own, said);
        Assert.Contains(begins, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add", "2, x", "3", "'x' is no whole number")]
    [InlineData("add", "1000000000", "3", "give 1 to 256")]
    [InlineData("add", "16, 16, 16", "3", "at most 256")]
    [InlineData("add", "256, 1", "256", "at most 256")]
    [InlineData("add", "1, 1, 1, 1, 1", "3", "at most 4")]
    [InlineData("add", "0", "3", "an axis of 0")]
    [InlineData("pow", "2", "3", "there is no op 'pow'")]
    public void What_cannot_be_drawn_is_refused(string op, string a, string b, string sentence) => Assert.Contains(
        sentence, Assert.Throws<ArgumentException>(() => Ask(op, a, b)).Message, StringComparison.Ordinal);
}
