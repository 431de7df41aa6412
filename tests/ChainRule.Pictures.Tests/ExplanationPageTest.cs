using ChainRule.Explaining;

namespace ChainRule.Pictures.Tests;

public sealed class ExplanationPageTest
{
    [Fact]
    public void An_explanation_is_a_sentence_a_graph_formulas_and_a_table()
    {
        var w = Tensor.From([0.3, 0.7], [2, 1]).RequireGrad();
        var loss = Tensor.From([0.5, -1.0, 2.0, 0.25], [2, 2]).MatMul(w).Tanh().Square().Mean();
        var why = Explain.Gradient(loss, w, [1, 0], new() { Top = 1 });
        string html = why.AddTo(new Page("Why")).Write(Renderer.BuiltIn);
        Assert.Contains("Where dL/dw[1, 0] came from", html, StringComparison.Ordinal);
        Assert.Contains("digraph", html, StringComparison.Ordinal);
        Assert.Contains("dL/dmatmul[0, 0] &#183; constant[0, 1]", html, StringComparison.Ordinal);
        Assert.Contains("1 more", html, StringComparison.Ordinal);
    }
}
