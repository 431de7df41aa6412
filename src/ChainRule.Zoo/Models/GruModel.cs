using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// The gated recurrent unit: gates say how much of the state is looked at, and how much of it is replaced.
/// </summary>
/// <remarks>Cho and others, 2014.</remarks>
/// <exception cref="ArgumentException">A size is outside of its limits.</exception>
public sealed class GruModel(RecurrentModelOptions options, int vocabulary, RandomSource rng)
    : Recurrent("gru", options, vocabulary, rng, () => new GruCell(options.Width, options.Hidden, rng));

/// <summary>
/// z = σ(W_z [x, h₋] + b_z), r = σ(W_r [x, h₋] + b_r), g = tanh(W [x, r h₋] + b); h = (1 − z) h₋ + z g.
/// </summary>
public sealed class GruCell(int inputs, int hidden, RandomSource rng) : Cell
{
    Linear Update { get; } = new(inputs + hidden, hidden, rng);

    Linear Reset { get; } = new(inputs + hidden, hidden, rng);

    Linear State { get; } = new(inputs + hidden, hidden, rng);

    public override Tensor Next(Tensor x, Tensor h)
    {
        var both = Tensor.Concat(1, x, h);
        Tensor z = Update.Forward(both).Sigmoid(), r = Reset.Forward(both).Sigmoid();
        var g = State.Forward(Tensor.Concat(1, x, r * h)).Tanh();
        return (1 - z) * h + z * g;
    }
}
