using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class RecurrentTest
{
    [Fact]
    public void Its_tensors_have_names_and_begin_as_torch_begins_them()
    {
        var rng = new TorchRandom(3);
        var (tokens, state, head) = (Tensor.Randn([27, 64], rng), new ChainRule.Layers.Linear(128, 64, rng), new ChainRule.Layers.Linear(64, 27, rng));
        var model = new RnnModel(new(), 27, new TorchRandom(3)).StateDict();
        Assert.Equal(["start", "tokens.weight", "cell.state.weight", "cell.state.bias", "head.weight", "head.bias"], model.Keys);
        Assert.All(model["start"].ToArray<float>(), x => Assert.Equal(0f, x));
        Assert.Equal(tokens.ToArray<float>(), model["tokens.weight"].ToArray<float>());
        Assert.Equal(state.Weight.ToArray<float>(), model["cell.state.weight"].ToArray<float>());
        Assert.Equal(head.Bias!.Value.ToArray<float>(), model["head.bias"].ToArray<float>());
    }

    [Fact]
    public void It_sees_the_past_and_never_the_future()
    {
        var model = new GruModel(new(4, 3, 5), 7, new TorchRandom(1));
        float[] one = model.Forward(Ids.From([1, 2, 3, 4], [1, 4])).Slice(1, 0, 3).ToArray<float>();
        Assert.Equal(one, model.Forward(Ids.From([1, 2, 3, 6], [1, 4])).Slice(1, 0, 3).ToArray<float>());
        Assert.NotEqual(one, model.Forward(Ids.From([0, 2, 3, 4], [1, 4])).Slice(1, 0, 3).ToArray<float>());
    }
}
