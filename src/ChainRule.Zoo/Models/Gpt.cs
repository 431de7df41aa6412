using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// A generative pre-trained transformer: tokens and the places they stand at, blocks of causal attention and a network
/// each, a norm, and logits.
/// <code lang="math">
/// ids (B, T) → token + place (B, T, width) → block → … → block → norm → (B, T, vocabulary)
/// </code>
/// </summary>
/// <remarks>
/// Radford and others, 2019 (GPT-2); after nanoGPT, makemore.py and the lecture "Let's build GPT", each of which
/// the options can say.
/// </remarks>
public sealed class Gpt : LanguageModel
{
    /// <exception cref="ArgumentException">A size is outside of its limits, or options do not go together.</exception>
    public Gpt(GptOptions options, int vocabulary, RandomSource rng)
    {
        options.Check("gpt");
        Context = options.Context;
        Tokens = new(vocabulary, options.Width, rng);
        _places = new(options.Context, options.Width, rng);
        Blocks = [.. Enumerable.Range(0, options.Layers).Select(_ => new GptBlock(options, rng))];
        Norm = new(options.Width, bias: options.Bias);
        if (!options.TiedHead) Head = new(options.Width, vocabulary, rng, options.HeadBias);
        if (options.Dropout != 0) Dropout = new(options.Dropout, rng);
        if (options.Start == GptStart.Gpt2) BeginAsGpt2(rng);
        if (options.Start == GptStart.HeadByHead)
            foreach (var block in Blocks) BeginHeadByHead(block.Attention.Qkv.Weight, options.Heads);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    public Embedding Tokens { get; }

    // Saved models know its weights by this name.
    readonly Embedding _places;

    /// <summary>A vector for each position of the window.</summary>
    public Embedding Positions => _places;

    public IReadOnlyList<GptBlock> Blocks { get; }

    public LayerNorm Norm { get; }

    /// <summary>From the last norm to logits; null where it is tied to <see cref="Tokens"/>.</summary>
    public Linear? Head { get; }

    public Dropout? Dropout { get; }

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) => new CachedReader(this, slide);

    /// <summary>
    /// Goes on from steps that were read before: the logits behind the last of the new ones, [batch, vocabulary], for
    /// the work of the new ones alone.
    /// </summary>
    /// <param name="ids">[batch, new steps].</param>
    /// <param name="past">What each block knows of the steps before; the new ones are added to it.</param>
    /// <exception cref="ArgumentException">There is not one cache for each block, or all steps together are more than
    /// the context.</exception>
    public Tensor Forward(Ids ids, IReadOnlyList<KeyValueCache> past)
    {
        CheckWindow(ids);
        ArgumentNullException.ThrowIfNull(past);
        if (past.Count != Blocks.Count)
            throw new ArgumentException($"Gpt: {past.Count} caches: give one for each of the {Blocks.Count} blocks");
        int place = past[0].Steps;
        if (place + ids.Shape[1] > Context)
            throw new ArgumentException(
                $"Gpt: {ids.Shape[1]} steps behind {place}: all together may be the {Context} of "
                + "its context");
        var x = Placed(ids, place);
        for (int i = 0; i < past.Count; i++) x = Blocks[i].Forward(x, past[i]);
        return Logits(x.Select(1, -1));
    }

    /// <summary>
    /// Goes on from texts of different lengths at once: the logits behind the last of each one's new steps, [texts,
    /// vocabulary]. A text's numbers are those that it has alone, to the bit.
    /// </summary>
    /// <param name="ids">[texts, new steps].</param>
    /// <param name="past">For each text, what each block knows of it; the new steps are added to it.</param>
    /// <exception cref="ArgumentException">There is not one list for each text with one cache for each block, or a text
    /// with its new steps is longer than the context.</exception>
    public Tensor Forward(Ids ids, IReadOnlyList<IReadOnlyList<KeyValueCache>> past)
    {
        int steps = CheckWindow(ids);
        ArgumentNullException.ThrowIfNull(past);
        if (past.Count != ids.Shape[0] || past.Any(text => text.Count != Blocks.Count))
            throw new ArgumentException($"Gpt: caches of {past.Count} texts for ids {ids.Shape}: give one for each of "
                + $"the {Blocks.Count} blocks, for each text");
        int[] places = [.. past.SelectMany(text => Enumerable.Range(text[0].Steps, steps))];
        if (places.Max() >= Context)
            throw new ArgumentException($"Gpt: {steps} steps behind {places.Max() - steps + 1}: all together may be "
                + $"the {Context} of its context");
        var x = Tokens.Forward(ids) + Positions.Forward(Ids.From(places, ids.Shape));
        for (int i = 0; i < Blocks.Count; i++)
            x = Blocks[i].Forward(x, [.. past.Select(text => text[i])]);
        return Logits(x.Select(1, -1));
    }

    protected override Tensor Compute(Ids ids)
    {
        CheckWindow(ids);
        var x = Placed(ids, 0);
        foreach (var block in Blocks) x = block.Forward(x);
        return Logits(x);
    }

    /// <summary>Tokens and the places they stand at, the first at one of the window: (B, T) → (B, T, width).</summary>
    Tensor Placed(Ids ids, int place)
    {
        var x = Tokens.Forward(ids) + Positions.Forward(Ids.From([.. Enumerable.Range(place, ids.Shape[1])]));
        return Dropout?.Forward(x) ?? x;
    }

    Tensor Logits(Tensor x)
    {
        x = Norm.Forward(x);
        return Head?.Forward(x) ?? x.MatMul(Tokens.Weight, transposeB: true);
    }

    /// <summary>
    /// In the order of PyTorch's <c>apply</c>: tokens, places, each block's layers, the head; then once more what adds
    /// to the residual stream.
    /// </summary>
    void BeginAsGpt2(RandomSource rng)
    {
        const double Std = 0.02;
        foreach (var (_, module) in NamedModules())
        {
            if (module is Embedding embedding) Init.Normal(embedding.Weight, 0, Std, rng);
            if (module is not Linear layer) continue;
            Init.Normal(layer.Weight, 0, Std, rng);
            if (layer.Bias is { } bias) Init.Zeros(bias);
        }
        foreach (var block in Blocks)
        {
            Init.Normal(block.Attention.Output.Weight, 0, Std / Math.Sqrt(2 * Blocks.Count), rng);
            Init.Normal(block.Down.Weight, 0, Std / Math.Sqrt(2 * Blocks.Count), rng);
        }
    }

    /// <summary>
    /// What was drawn row after row is taken for key, query and value of the first head, then of the second, and so on.
    /// </summary>
    static void BeginHeadByHead(Tensor qkv, int heads)
    {
        int width = qkv.Shape[1], each = width / heads;
        int[] drawn = new int[3 * width];
        for (int head = 0; head < heads; head++)
        {
            for (int i = 0; i < each; i++)
            {
                int first = 3 * each * head + i, to = each * head + i;
                (drawn[to], drawn[width + to], drawn[2 * width + to]) = (first + each, first, first + 2 * each);
            }
        }
        using (NoGrad.Begin()) qkv.CopyInPlace(qkv.Rows(Ids.From(drawn)));
    }

    /// <summary>Remembers keys and values of every block.</summary>
    sealed class CachedReader(Gpt model, int? slide) : WindowedReader(model, slide)
    {
        readonly KeyValueCache[] _past = [.. model.Blocks.Select(_ => new KeyValueCache())];

        protected override void Forget()
        {
            foreach (var past in _past) past.Clear();
        }

        protected override Tensor Take(Ids ids, int place) => model.Forward(ids, _past);
    }
}
