using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of an <see cref="RnnModel"/>, a <see cref="GruModel"/> or an <see cref="LstmModel"/>.</summary>
/// <param name="Context">How many steps it is trained on at a time; at inference it remembers as
/// long as it can.</param>
/// <param name="Width">How many numbers stand for a character.</param>
/// <param name="Hidden">How many numbers it remembers from step to step.</param>
/// <param name="Dropout">The probability with which a number of the embedding, or of a state on its way to the logits,
/// is set to 0 in training.</param>
public sealed record RecurrentModelOptions(
    [Limits(1, ModelOptions.Largest)] int Context = 16,
    [Limits(1, ModelOptions.Largest)] int Width = 64,
    [Limits(1, ModelOptions.Largest)] int Hidden = 64,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0) : ModelOptions;

/// <summary>One step of a recurrent network: from x (B, width) and h (B, hidden) to the next h.</summary>
public abstract class Cell : Module
{
    public abstract Tensor Next(Tensor x, Tensor h);
}

/// <summary>
/// A network that goes through a text step by step and hands a state on: h₀ is learned, from zeros; h = cell(x, h₋),
/// and logits are a layer of h. After makemore.py; but weights of the logits begin ten times smaller, so that the first
/// loss is the expected initial loss, ln(vocabulary).
/// </summary>
public abstract class Recurrent : LanguageModel
{
    readonly Tensor _start;
    readonly Embedding _tokens;
    readonly Cell _cell;
    readonly Linear _head;
    readonly Dropout? _dropout;

    private protected Recurrent(string name, RecurrentModelOptions options, int vocabulary, RandomSource rng,
        Func<Cell> cell)
    {
        options.Check(name);
        Context = options.Context;
        _start = Parameter([1, options.Hidden]);
        _tokens = new(vocabulary, options.Width, rng);
        _cell = cell();
        _head = new(options.Hidden, vocabulary, rng);
        if (options.Dropout > 0) _dropout = new(options.Dropout, rng);
        using (NoGrad.Begin()) _head.Weight.CopyInPlace(_head.Weight * 0.1);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) => new StateReader(this);

    /// <summary>h₀, the state before the first character, [1, hidden].</summary>
    public Tensor Start => _start;

    /// <summary>One step: from the state before a character to the logits of what follows it,
    /// [batch, vocabulary].</summary>
    /// <param name="ids">The characters, [batch].</param>
    /// <param name="state">The state before them, [batch, hidden].</param>
    /// <param name="next">The state behind them.</param>
    public Tensor Step(Ids ids, Tensor state, out Tensor next)
    {
        ArgumentNullException.ThrowIfNull(ids);
        next = _cell.Next(_tokens.Forward(ids), state);
        return _head.Forward(next);
    }

    protected override Tensor Compute(Ids ids)
    {
        var x = Dropped(_tokens.Forward(ids)); // (B, T, width)
        var h = _start.Expand([ids.Shape[0], _start.Shape[1]]);
        var states = new Tensor[ids.Shape[1]];
        for (int t = 0; t < states.Length; t++) states[t] = h = _cell.Next(x.Select(1, t), h);
        return _head.Forward(Dropped(Tensor.Stack(1, states))); // (B, T, vocabulary)
    }

    // Never on the way from step to step, where it would forget: Zaremba, Sutskever and Vinyals, 2014.
    Tensor Dropped(Tensor x) => _dropout?.Forward(x) ?? x;

    sealed class StateReader(Recurrent model) : DecodingState(model)
    {
        Tensor _h = model._start;

        protected override Tensor Take(ReadOnlySpan<int> ids)
        {
            foreach (int id in ids) _h = model._cell.Next(model._tokens.Forward(Ids.From(id)), _h);
            return model._head.Forward(_h.Keep());
        }
    }
}
