namespace ChainRule.Tests.Ops;

public sealed class ReductionsTest
{
    private const string FirstOfEquals = "along an axis, the first of equals gets the gradient";

    public static TheoryData<string> Recorded => [.. Names.Where(name => !name.EndsWith(FirstOfEquals, StringComparison.Ordinal))];

    public static TheoryData<string> RecordedTies => [.. Names.Where(name => name.EndsWith(FirstOfEquals, StringComparison.Ordinal))];

    private static IEnumerable<string> Names => Golden.Cases("ops", [.. GoldenOps.Reductions.Keys]).Select(golden => golden.Name);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    // A departure from torch.max(axis), which gives all to the first: here equals share along an axis as they do over everything, as torch.amax has it.
    [Theory, MemberData(nameof(RecordedTies))]
    public void Equals_share_the_gradient_along_an_axis_too(string name)
    {
        var golden = Golden.Case("ops", name);
        var (y, x) = GoldenOps.Run(golden, DType.Float64);
        Assert.Equal(golden.Output.Data, GoldenOps.Doubles(y));

        int axis = golden.Int("axis");
        var (rows, columns) = (x[0].Shape[0], x[0].Shape[1]);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                int at = axis == 0 ? c : r;
                int equals = Enumerable.Range(0, axis == 0 ? rows : columns).Count(i => (axis == 0 ? x[0][i, c] : x[0][r, i]).Equals(y[at]));
                double expected = x[0][r, c].Equals(y[at]) ? golden.Upstream!.Data[at] / equals : 0;
                Assert.Equal(expected, x[0].Grad[r, c], 1e-15);
            }
        }
        Assert.NotEqual(golden.Grads[0]!.Data, GoldenOps.Doubles(x[0].Grad));
    }
}
