using System.Text.Json;

namespace ChainRule.Bench.Tests;

/// <summary>
/// A race against another program says something only where both compute the same: three training steps of each
/// workload lose what its twin lost, from the same draws. <c>tests/Golden/record_workloads.py</c> recorded the twins.
/// </summary>
public sealed class WorkloadTest
{
    static readonly Dictionary<string, double[]> s_recorded = Recorded();

    public static TheoryData<string> Trained => [.. Catalog.All.Where(IsTrained).Select(entry => entry.Name)];

    [Theory, MemberData(nameof(Trained))]
    public void A_workload_loses_what_its_twin_loses(string name)
    {
        // scikit-learn's Adam adds its ε before the bias correction: its losses agree to 1e-4, as side-by-side checks,
        // and PyTorch's to all digits.
        string twin = name.Replace("-sklearn", "", StringComparison.Ordinal);
        Assert.True(s_recorded.TryGetValue(twin, out double[]? expected),
            $"{name} has no recorded losses: give it a twin in bench/peers and run record_workloads.py");
        double[] losses = Catalog.Find(name)[0].Make().Check();
        Assert.Equal(expected.Length, losses.Length);
        foreach (var (theirs, ours) in expected.Zip(losses))
            Assert.InRange(ours, theirs * (1 - 1e-5), theirs * (1 + 1e-5));
    }

    // Products and element-wise functions are checked by the library's own tests, against the same PyTorch.
    static bool IsTrained(Entry entry) =>
        !entry.Name.StartsWith("gemm-", StringComparison.Ordinal)
            && !entry.Name.StartsWith("elementwise-", StringComparison.Ordinal) && entry.Name != "fma-peak";

    static Dictionary<string, double[]> Recorded()
    {
        using var document =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "workloads.json")));
        return document.RootElement.EnumerateArray().ToDictionary(
            one => one.GetProperty("name").GetString()!,
            one => one.GetProperty("output").GetProperty("data").EnumerateArray()
                .Select(number => number.GetDouble()).ToArray());
    }
}
