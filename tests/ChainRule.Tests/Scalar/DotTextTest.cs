using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

public sealed class DotTextTest
{
    [Fact]
    public void A_graph_is_a_statement_a_line()
    {
        var text = new DotText("layout=neato", "node [shape=box]");
        text.Node("a", "one\ntwo", "style=rounded", (-0.001, 1.25));
        text.Node(DotText.Quoted("a heading"), null, "shape=plaintext");
        text.Record("b", $"{{ {DotText.Field("x|y")} | 1 }}");
        text.Arrow("a", "b");
        text.Arrow("b", "a", "dir=back");
        Assert.Equal("""
            digraph {
              layout=neato;
              node [shape=box];
              a [style=rounded, label="one\ntwo", pos="0,1.25!"];
              "a heading" [shape=plaintext];
              b [shape=record, label="{ x\|y | 1 }"];
              a -> b;
              b -> a [dir=back];
            }

            """.ReplaceLineEndings("\n"), text.ToString());
    }

    [Theory]
    [InlineData("a \"b\" \\ c\nd", "\"a \\\"b\\\" \\\\ c\\nd\"")]
    [InlineData("a|b {c}", "\"a|b {c}\"")]
    public void A_label_escapes_what_would_end_it(string text, string quoted) =>
        Assert.Equal(quoted, DotText.Quoted(text));

    [Fact]
    public void A_field_escapes_what_means_something_in_a_record() =>
        Assert.Equal("a\\ \\|\\ \\{b\\}\\ \\<\\\"c\\\"\\>", DotText.Field("a | {b} <\"c\">"));
}
