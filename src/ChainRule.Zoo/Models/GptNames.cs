using ChainRule.Layers;

namespace ChainRule.Zoo.Models;

/// <summary>
/// What the weights of a <see cref="Gpt"/> are called by other programs, for loading their models and for giving them
/// ours: <c>GptNames.Gpt2.Load(model, WeightFile.Tensors("gpt2"))</c>, where the model was made of
/// <see cref="GptOptions.PublishedGpt2"/> and 50,257 tokens.
/// A head that is tied here, <c>TiedHead</c>, may be given as <c>lm_head.weight</c> or not; if it is, it must be equal
/// to the token embedding. A head of its own must be given.
/// </summary>
public static class GptNames
{
    /// <summary>nanoGPT's: <c>transformer.h.0.attn.c_attn.weight</c>, [outputs, inputs] as here. Its checkpoints, whose
    /// names begin with <c>model.</c>, and models that torch.compile made, are read too.</summary>
    public static WeightNames NanoGpt { get; } =
        Blocks(transposed: false).DropPrefix("model.").DropPrefix("_orig_mod.");

    /// <summary>GPT-2's as Hugging Face publishes it: the same names, with or without <c>transformer.</c> before them,
    /// and the weights of its layers [inputs, outputs]. Its masks are left out.</summary>
    public static WeightNames Gpt2 { get; } = Blocks(transposed: true).AddPrefix("transformer.");

    static WeightNames Blocks(bool transposed)
    {
        const string There = "transformer.h.*.", Here = "blocks.*.";
        (string There, string Here)[] layers = [("attn.c_attn", "attention.qkv"), ("attn.c_proj", "attention.output"),
            ("mlp.c_fc", "up"), ("mlp.c_proj", "down")];
        var names = WeightNames.Same
            .Rename("transformer.wte.weight", "tokens.weight")
            .Rename("transformer.wpe.weight", "places.weight");
        foreach (var (there, here) in layers)
        {
            string theirs = $"{There}{there}.weight", ours = $"{Here}{here}.weight";
            names = (transposed ? names.Transpose(theirs, ours) : names.Rename(theirs, ours))
                .Rename($"{There}{there}.bias", $"{Here}{here}.bias");
        }
        foreach (string part in (string[])["weight", "bias"])
            names = names.Rename($"{There}ln_1.{part}", $"{Here}norm1.{part}")
                .Rename($"{There}ln_2.{part}", $"{Here}norm2.{part}")
                .Rename($"transformer.ln_f.{part}", $"norm.{part}");
        return names.Rename("lm_head.weight", "head.weight").Tie("lm_head.weight", "tokens.weight")
            .Leave($"{There}attn.bias").Leave($"{There}attn.masked_bias");
    }
}
