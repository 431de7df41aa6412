using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Tests.Models;

public sealed class PlaceTowersTest
{
    const string File = "tabular";

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("place_towers", File);

    [Theory, MemberData(nameof(Recorded))]
    public void Scores_and_gradients_equal_the_recording(string name, DType dtype)
    {
        var golden = Golden.Case(File, name);
        var options = new PlaceTowersOptions(golden.Int("hidden"), golden.Int("factors"), IdDropout: 0, Dropout: 0);
        var model = new PlaceTowers(options, golden.Int("known_users"), golden.Int("known_places"),
            golden.Int("tags"), new TorchRandom(1));
        GoldenLayers.Load(golden, model, dtype);
        var step = Assert.Single(golden.Steps);
        Tensor[] x = [.. step.Inputs.Select(one => GoldenLayers.Make(one, dtype).RequireGrad())];
        var batch = new PlaceBatch(Ids.From(golden.Ints("users")), x[0], x[1], x[2], Ids.From(golden.Ints("places")),
            x[3], x[4], x[5]);
        GoldenLayers.Backward(model, step, x, model.Score(batch), $"{name}, {dtype}");
    }
}
