using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

/// <summary>Networks of sequences, tables and images against PyTorch: outputs and every gradient.</summary>
public sealed class NetworksTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases(
        ["rnn", "gru", "lstm", "conv", "context-1", "residual", "experts", "dense"], "networks");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, Make, "networks");

    static Module Make(GoldenCase golden)
    {
        var rng = new TorchRandom(1);
        int hidden = golden.Int("hidden");
        SequenceModelOptions Sequence() => new(hidden, golden.Int("layers"));
        return golden.Op switch
        {
            "rnn" => SequenceModel.Rnn(Sequence(), 3, 2, rng),
            "gru" => SequenceModel.Gru(Sequence(), 3, 2, rng),
            "lstm" => SequenceModel.Lstm(Sequence(), 3, 2, rng),
            "conv" => SequenceModel.Convolutional(Sequence(), 3, 2, rng),
            "context-1" => SequenceModel.ContextOne(Sequence(), 3, 2, rng),
            "residual" => new ResidualMlp(new(hidden, golden.Int("blocks"), golden.Flag("skips"), Dropout: 0), 3, 2,
                rng),
            "experts" => new MixtureOfExperts(new(golden.Int("experts"), hidden, Dropout: 0), 3, 2, rng),
            _ => new ImageAutoencoder(new(golden.Int("bottleneck"), hidden), [1, 4, 4], rng),
        };
    }
}
