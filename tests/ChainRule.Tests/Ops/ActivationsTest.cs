namespace ChainRule.Tests.Ops;

public sealed class ActivationsTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Activations);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);
}
