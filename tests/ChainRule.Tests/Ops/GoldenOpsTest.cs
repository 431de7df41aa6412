namespace ChainRule.Tests.Ops;

public sealed class GoldenOpsTest
{
    [Fact]
    public void Every_recorded_operation_has_one_entry_in_the_table_and_every_entry_a_recording() =>
        Assert.Equal(
            Golden.Cases("ops").Concat(Golden.Cases("losses")).Concat(Golden.Cases("conv")).Select(golden => golden.Op)
                .Distinct().Order(StringComparer.Ordinal),
            GoldenOps.Names.Order(StringComparer.Ordinal));
}
