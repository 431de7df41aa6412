using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>What stands between the two layers of a block's network.</summary>
public enum GptActivation
{
    /// <summary>x Φ(x).</summary>
    Gelu,

    /// <summary>GELU by tanh, as GPT-2 and makemore.py have it.</summary>
    GeluTanh,

    /// <summary>max(x, 0), as the lecture has it.</summary>
    Relu,
}

/// <summary>How a <see cref="Gpt"/>'s parameters begin.</summary>
public enum GptStart
{
    /// <summary>
    /// As GPT-2's: weights N(0, 0.02), those that add to the residual stream less by √(2 · layers), biases 0.
    /// </summary>
    Gpt2,

    /// <summary>As torch's layers begin, each drawn in turn.</summary>
    Torch,

    /// <summary>
    /// As torch's, but with key, query and value of each head drawn one after another, as the lecture's heads are.
    /// </summary>
    HeadByHead,
}

/// <summary>
/// The sizes of a <see cref="Gpt"/> and what it is built of. With no other given, it is nanoGPT's for a processor
/// without a graphics card.
/// </summary>
/// <param name="Context">The most characters of a window.</param>
/// <param name="Width">How many numbers stand for a character, all the way up.</param>
/// <param name="Layers">How many blocks there are.</param>
/// <param name="Heads">The number of attention heads of each; the width is divided among them.</param>
/// <param name="Dropout">The dropout probability in training: of embeddings, attention weights, and
/// what a block adds.</param>
/// <param name="Bias">Whether layers and norms have biases.</param>
/// <param name="QkvBias">Whether queries, keys and values have; null means as <see cref="Bias"/> says.</param>
/// <param name="TiedHead">Whether logits are products with the rows of the token embedding; otherwise with
/// weights of their own.</param>
/// <param name="HeadBias">Whether weights of their own have biases.</param>
/// <param name="Activation">What stands between the two layers of a block's network.</param>
/// <param name="Scale">What products of query and key are multiplied by; null means 1/√(width / heads).</param>
/// <param name="Start">How parameters begin.</param>
public sealed record GptOptions(
    [Limits(1, ModelOptions.Largest)] int Context = 64,
    [Limits(1, ModelOptions.Largest)] int Width = 128,
    [Limits(1, 1_000)] int Layers = 4,
    [Limits(1, 1_000)] int Heads = 4,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0,
    bool Bias = false,
    bool? QkvBias = null,
    bool TiedHead = true,
    bool HeadBias = false,
    GptActivation Activation = GptActivation.Gelu,
    [Limits(0, AboveLeast = true)] double? Scale = null,
    GptStart Start = GptStart.Gpt2) : ModelOptions
{
    /// <summary>The transformer of makemore.py: 204,544 parameters for names.</summary>
    public static GptOptions Makemore { get; } =
        new(Context: 16, Width: 64, Bias: true, TiedHead: false, Activation: GptActivation.GeluTanh,
            Start: GptStart.Torch);

    /// <summary>
    /// The network at the end of the lecture "Let's build GPT": 209,729 parameters for Shakespeare. It divides by
    /// √width and not by √(width / heads), which its author corrected later.
    /// </summary>
    public static GptOptions Lecture { get; } = new(Context: 32, Width: 64, Bias: true, QkvBias: false, TiedHead: false,
        HeadBias: true, Activation: GptActivation.Relu, Scale: 0.125, Start: GptStart.HeadByHead);

    /// <summary>The large network of the same lecture: 10,788,929 parameters for Shakespeare.</summary>
    public static GptOptions LargeLecture { get; } = new(Context: 256, Width: 384, Layers: 6, Heads: 6, Dropout: 0.2,
        Bias: true, QkvBias: false, TiedHead: false, HeadBias: true, Activation: GptActivation.Relu);

    /// <summary>
    /// The smallest GPT-2, without biases as nanoGPT trains it: 124,337,664 parameters for its 50,257 tokens.
    /// </summary>
    public static GptOptions Gpt2 { get; } = new(Context: 1024, Width: 768, Layers: 12, Heads: 12);

    /// <summary>
    /// The smallest GPT-2 as OpenAI published it, with biases: 124,439,808 parameters for its 50,257 tokens.
    /// <see cref="GptNames.Gpt2"/> loads its weights.
    /// </summary>
    public static GptOptions PublishedGpt2 { get; } = Gpt2 with { Bias = true, Activation = GptActivation.GeluTanh };

    /// <summary>How many numbers its parameters hold, found without building it.</summary>
    public long Parameters(int vocabulary)
    {
        long c = Width, bias = Bias ? 1 : 0, qkvBias = QkvBias ?? Bias ? 1 : 0;
        long norm = c * (1 + bias), attention = 3 * c * (c + qkvBias) + c * (c + bias),
            network = 4 * c * (c + bias) + c * (4 * c + bias);
        long head = TiedHead ? 0 : vocabulary * (c + (HeadBias ? 1 : 0));
        return (vocabulary + Context) * c + Layers * (2 * norm + attention + network) + norm + head;
    }

    /// <inheritdoc/>
    public override void Check(string model)
    {
        base.Check(model);
        if (Width % Heads != 0)
            throw new ArgumentException(
                $"{model}: width {Width}, heads {Heads}: give a width that is a multiple of the heads");
        if (TiedHead && HeadBias)
            throw new ArgumentException($"{model}: a head tied to the token embedding has no bias: set tiedHead to "
                + "false, or leave headBias out");
    }
}
