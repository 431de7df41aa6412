using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

public sealed class DerivationTest
{
    public static TheoryData<string> Programs => [.. HandPrograms.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Right_gradients_are_right(string name)
    {
        var program = HandPrograms.All.Single(one => one.Name == name);
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32])
        {
            for (int seed = 1; seed <= 5; seed++)
            {
                var report = program.Check(dtype, seed).Steps(program.Lines).Report();
                Assert.True(report.Passed, $"{dtype}, seed {seed}:\n{report}");
            }
        }
    }
}
