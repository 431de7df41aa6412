namespace ChainRule.Tests.Ops;

public sealed class GatherTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Gather);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);
}
