namespace ChainRule.Tests.Ops;

public sealed class LossesTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("losses", GoldenOps.Losses);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("losses", name);
}
