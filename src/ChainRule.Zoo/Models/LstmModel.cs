using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// Characters through a long short-term memory, <see cref="Lstm"/>, whose states become logits; it begins at zeros.
/// </summary>
/// <remarks>Hochreiter and Schmidhuber, 1997; as a writer of text Graves, 2013.</remarks>
public sealed class LstmModel : LanguageModel
{
    readonly Embedding _tokens;
    readonly Lstm _memory;
    readonly Linear _head;
    readonly Dropout? _dropout;

    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public LstmModel(RecurrentModelOptions options, int vocabulary, RandomSource rng)
    {
        options.Check("lstm");
        Context = options.Context;
        _tokens = new(vocabulary, options.Width, rng);
        _memory = new(options.Width, options.Hidden, rng);
        _head = new(options.Hidden, vocabulary, rng);
        if (options.Dropout > 0) _dropout = new(options.Dropout, rng);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) => new StateReader(this);

    protected override Tensor Compute(Ids ids) =>
        _head.Forward(Dropped(_memory.Forward(Dropped(_tokens.Forward(ids)))));

    Tensor Dropped(Tensor x) => _dropout?.Forward(x) ?? x;

    sealed class StateReader(LstmModel model) : DecodingState(model)
    {
        LstmState? _state;

        protected override Tensor Take(ReadOnlySpan<int> ids)
        {
            model._memory.Forward(model._tokens.Forward(Ids.From(ids, [1, ids.Length])), _state, out var final);
            _state = new(final.Hidden.Keep(), final.Cell.Keep());
            return model._head.Forward(final.Hidden.Select(0, -1));
        }
    }
}
