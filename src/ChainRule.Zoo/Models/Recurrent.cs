using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of an <see cref="RnnModel"/>, a <see cref="GruModel"/> or an <see cref="LstmModel"/>.</summary>
/// <param name="Context">How many steps it is trained on at a time; at inference it remembers as long as it can.</param>
/// <param name="Width">How many numbers stand for a character.</param>
/// <param name="Hidden">How many numbers it remembers from step to step.</param>
public sealed record RecurrentOptions(int Context = 16, int Width = 64, int Hidden = 64)
{
    /// <summary>Refuses sizes below 1.</summary>
    internal void Check(string model)
    {
        if (Context < 1 || Width < 1 || Hidden < 1)
            throw new ArgumentException($"{model}: context {Context}, width {Width}, hidden {Hidden}: give 1 or more of each");
    }
}

/// <summary>One step of a recurrent network: from x (B, width) and h (B, hidden) to the next h.</summary>
public abstract class Cell : Module
{
    public abstract Tensor Next(Tensor x, Tensor h);
}

/// <summary>
/// A network that goes through a text step by step and hands a state on: h₀ is learned, from zeros; h = cell(x, h₋), and logits are a layer of h.
/// After makemore.py; but weights of the logits begin ten times smaller, so that the first loss is the expected initial loss, ln(vocabulary).
/// </summary>
public abstract class Recurrent : LanguageModel
{
    readonly Tensor _start;
    readonly Embedding _tokens;
    readonly Cell _cell;
    readonly Linear _head;

    private protected Recurrent(string name, RecurrentOptions options, int vocabulary, TorchRandom rng, Func<Cell> cell)
    {
        options.Check(name);
        Context = options.Context;
        _start = Parameter([1, options.Hidden]);
        _tokens = new(vocabulary, options.Width, rng);
        _cell = cell();
        _head = new(options.Hidden, vocabulary, rng);
        using (NoGrad.Begin()) _head.Weight.CopyInPlace(_head.Weight * 0.1);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override Reader Read(int? slide = null) => new StateReader(this);

    protected override Tensor Compute(Ids ids)
    {
        var x = _tokens.Forward(ids); // (B, T, width)
        var h = _start.Expand([ids.Shape[0], _start.Shape[1]]);
        var states = new Tensor[ids.Shape[1]];
        for (int t = 0; t < states.Length; t++) states[t] = h = _cell.Next(x.Select(1, t), h);
        return _head.Forward(Tensor.Stack(1, states)); // (B, T, vocabulary)
    }

    sealed class StateReader(Recurrent model) : Reader
    {
        Tensor _h = model._start;

        protected override Tensor Take(ReadOnlySpan<int> ids)
        {
            foreach (int id in ids) _h = model._cell.Next(model._tokens.Forward(Ids.From(id)), _h);
            return model._head.Forward(_h.Keep());
        }
    }
}
