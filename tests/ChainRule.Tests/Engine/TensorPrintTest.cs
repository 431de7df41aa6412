namespace ChainRule.Tests.Engine;

public sealed class TensorPrintTest
{
    [Fact]
    public void A_single_number_is_one_line_and_its_type() => AssertPrints("3.2500\n[] Float32", Tensor.Scalar(3.25));

    [Fact]
    public void A_vector_shows_its_numbers_and_how_they_spread() =>
        AssertPrints("[ 1.0000  -2.5000  10.0000]\n[3] Float32, 2.8333 ± 6.4485", Tensor.From(1f, -2.5f, 10));

    [Fact]
    public void A_matrix_shows_its_rows_in_columns() =>
        AssertPrints("""
            [[ 0.0000   1.0000   2.0000]
             [ 9.0000  10.0000  11.0000]]
            [2, 3] Float64, 5.5000 ± 5.0100
            """, Tensor.From(new double[,] { { 0, 1, 2 }, { 9, 10, 11 } }));

    [Fact]
    public void A_batch_of_matrices_is_bracketed_once_an_axis() =>
        AssertPrints("""
            [[[0.0000  1.0000]
              [2.0000  3.0000]]
             [[4.0000  5.0000]
              [6.0000  7.0000]]]
            [2, 2, 2] Float32, 3.5000 ± 2.4495
            """, Tensor.Arange(0, 8).Reshape(2, 2, 2));

    [Fact]
    public void Long_axes_show_three_places_at_each_end() =>
        AssertPrints("""
            [[ 0.0000   1.0000   2.0000  …   7.0000   8.0000   9.0000]
             [10.0000  11.0000  12.0000  …  17.0000  18.0000  19.0000]
             [20.0000  21.0000  22.0000  …  27.0000  28.0000  29.0000]
             …
             [70.0000  71.0000  72.0000  …  77.0000  78.0000  79.0000]
             [80.0000  81.0000  82.0000  …  87.0000  88.0000  89.0000]
             [90.0000  91.0000  92.0000  …  97.0000  98.0000  99.0000]]
            [10, 10] Float32, 49.5000 ± 29.0115
            """, Tensor.Arange(0, 100).Reshape(10, 10));

    [Fact]
    public void Seven_places_are_not_long() =>
        AssertPrints("[0.0000  1.0000  2.0000  3.0000  4.0000  5.0000  6.0000]\n[7] Float32, 3.0000 ± 2.1602",
            Tensor.Arange(0, 7));

    [Fact]
    public void What_is_no_number_is_named_and_very_large_and_small_ones_have_exponents()
    {
        AssertPrints("[1.0000     NaN       ∞      -∞]\n[4] Float32, NaN ± NaN",
            Tensor.From(1, float.NaN, float.PositiveInfinity, float.NegativeInfinity));
        AssertPrints("[ 1.000e-05  -2.500e+06]\n[2] Float64, -1.250e+06 ± 1.768e+06", Tensor.From(1e-5, -2.5e6));
    }

    [Fact]
    public void Empty_tensors_have_brackets()
    {
        AssertPrints("[]\n[0] Float32", Tensor.Zeros([0]));
        AssertPrints("[[]\n []]\n[2, 0] Float32", Tensor.Zeros([2, 0]));
    }

    [Fact]
    public void A_leaf_says_that_it_wants_a_gradient_and_a_result_what_made_it()
    {
        var w = Tensor.Scalar(2).RequireGrad();
        AssertPrints("2.0000\n[] Float32, requires a gradient", w);
        AssertPrints("4.0000\n[] Float32, from 'square'", w.Square());
    }

    static void AssertPrints(string expected, Tensor x) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), x.ToString());
}
