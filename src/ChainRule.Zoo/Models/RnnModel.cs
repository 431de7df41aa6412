using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>The simple recurrent network: h = tanh(W [x, h₋] + b).</summary>
/// <remarks>Elman, 1990; as a language model Mikolov and others, 2010.</remarks>
/// <exception cref="ArgumentException">A size is outside of its limits.</exception>
public sealed class RnnModel(RecurrentModelOptions options, int vocabulary, RandomSource rng)
    : Recurrent("rnn", options, vocabulary, rng, () => new RnnCell(options.Width, options.Hidden, rng));

/// <summary>h = tanh(W [x, h₋] + b).</summary>
public sealed class RnnCell(int inputs, int hidden, RandomSource rng) : Cell
{
    Linear State { get; } = new(inputs + hidden, hidden, rng);

    public override Tensor Next(Tensor x, Tensor h) => State.Forward(Tensor.Concat(1, x, h)).Tanh();
}
