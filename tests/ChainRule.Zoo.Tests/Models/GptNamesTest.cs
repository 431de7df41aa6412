using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Training;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

/// <summary>Weights that PyTorch wrote under other programs' names: tests/Golden/record_weights.py.</summary>
public sealed class GptNamesTest
{
    const int Context = 8, Width = 12, Vocabulary = 11;

    static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    static readonly JsonElement[] s_cases = [.. JsonDocument.Parse(
        File.ReadAllText(Path.Combine(s_folder, "weights.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Files =>
        [.. s_cases.Where(one => one.TryGetProperty("logits", out _))
            .Select(one => one.GetProperty("file").GetString()!)];

    static string PathOf(string file) => Path.Combine(s_folder, "weights", file);

    static JsonElement Case(string file) => s_cases.Single(one => one.GetProperty("file").GetString() == file);

    static WeightNames Names(JsonElement recorded) =>
        recorded.GetProperty("names").GetString() == "gpt2" ? GptNames.Gpt2 : GptNames.NanoGpt;

    static Gpt Model(JsonElement recorded, bool? tied = null, bool? bias = null) => new(new(Context, Width, 2, 3,
        Bias: bias ?? recorded.GetProperty("bias").GetBoolean(),
        TiedHead: tied ?? recorded.GetProperty("tied").GetBoolean(),
        Activation: Enum.Parse<GptActivation>(recorded.GetProperty("activation").GetString()!)), Vocabulary,
        new TorchRandom(1));

    static float[] Logits(Gpt model, JsonElement recorded) =>
        model.Forward(Ids.From([.. recorded.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())],
            [3, Context])).To(DType.Float32).ToArray<float>();

    static void CheckLogits(Gpt model, JsonElement recorded)
    {
        double[] expected = [.. recorded.GetProperty("logits").GetProperty("numbers").EnumerateArray()
            .Select(x => x.GetDouble())];
        float[] logits = Logits(model, recorded);
        Assert.Equal(expected.Length, logits.Length);
        for (int i = 0; i < logits.Length; i++)
            Assert.InRange(Math.Abs(logits[i] - expected[i]), 0, 1e-5 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Theory, MemberData(nameof(Files))]
    public void A_model_of_another_program_computes_what_it_computed_there(string file)
    {
        var recorded = Case(file);
        var model = Model(recorded);
        var report = Names(recorded).Load(model, WeightFile.Tensors(PathOf(file)));
        Assert.True(report.Complete, report.ToString());
        CheckLogits(model, recorded);
    }

    [Theory, MemberData(nameof(Files))]
    public void Its_state_goes_back_under_its_names(string file)
    {
        var recorded = Case(file);
        var model = Model(recorded);
        var names = Names(recorded);
        var theirs = WeightFile.Tensors(PathOf(file)).ToDictionary();
        names.Load(model, theirs);
        var back = names.StateDict(model);
        foreach (var (name, x) in back)
        {
            string plain = name.Replace("transformer.", "", StringComparison.Ordinal);
            var given = theirs.GetValueOrDefault(name, theirs.GetValueOrDefault($"model._orig_mod.{name}",
                theirs.GetValueOrDefault(plain)));
            if (!given.Exists)
            {
                // GPT-2 is published without its head, which is tied.
                Assert.Equal("lm_head.weight", name);
                continue;
            }
            Assert.Equal(given.Shape, x.Shape);
            Assert.Equal(given.ToArray<float>(), x.ToArray<float>());
        }
        Assert.True(back.Count >= theirs.Keys.Count(name => !name.EndsWith("attn.bias", StringComparison.Ordinal)));
        var second = Model(recorded);
        names.Load(second, back);
        Assert.Equal(Logits(model, recorded), Logits(second, recorded));
    }

    [Fact]
    public void Weights_go_into_a_model_of_float64()
    {
        var recorded = Case("gpt2.safetensors");
        var model = Model(recorded);
        model.To(DType.Float64);
        GptNames.Gpt2.Load(model, WeightFile.Tensors(PathOf("gpt2.safetensors")));
        CheckLogits(model, recorded);
    }

    [Fact]
    public void A_tied_head_that_is_given_otherwise_is_refused()
    {
        var recorded = Case("nanogpt.npz");
        Assert.Equal("load into Gpt: 'transformer.wte.weight' and 'lm_head.weight' are one tensor here, and differ "
            + "where they come from: give one of them, or a model in which they are two",
            Assert.ThrowsAny<ArgumentException>(() => GptNames.NanoGpt.Load(Model(recorded, tied: true),
                WeightFile.Tensors(PathOf("nanogpt.npz")))).Message);
    }

    [Fact]
    public void What_is_missing_and_what_is_not_expected_is_named_as_there()
    {
        var recorded = Case("gpt2.safetensors");
        var model = Model(recorded, tied: false, bias: false);
        float[] before = Logits(model, recorded);
        var state = WeightFile.Tensors(PathOf("gpt2.safetensors"))
            .Where(one => one.Key is not ("h.0.mlp.c_fc.weight" or "wpe.weight"))
            .Append(new("wpe.weight", Tensor.Zeros([4, Width])));
        Assert.Equal("load into Gpt: missing 'transformer.h.0.mlp.c_fc.weight', 'lm_head.weight'; unexpected "
            + "'transformer.h.0.ln_1.bias', 'transformer.h.0.attn.c_attn.bias', 'transformer.h.0.attn.c_proj.bias', "
            + "'transformer.h.0.ln_2.bias', 'transformer.h.0.mlp.c_fc.bias' and 8 more; different "
            + "'transformer.wpe.weight' [4, 12] (Float32) for [8, 12] (Float32): give the state of a model of the same "
            + "layers, sizes and type",
            Assert.ThrowsAny<ArgumentException>(() => GptNames.Gpt2.Load(model, state)).Message);
        Assert.Equal(before, Logits(model, recorded));
        var report = GptNames.Gpt2.Load(model, state, strict: false);
        Assert.Contains("transformer.wte.weight", report.Loaded);
        Assert.NotEqual(before, Logits(model, recorded));
    }

    [Fact]
    public void What_is_trained_here_loads_there()
    {
        var model = new Gpt(new(Context, Width, 1, 3, Bias: true), Vocabulary, new TorchRandom(1));
        Assert.Equal(["transformer.wte.weight", "lm_head.weight", "transformer.wpe.weight",
            "transformer.h.0.ln_1.weight", "transformer.h.0.ln_1.bias", "transformer.h.0.attn.c_attn.weight",
            "transformer.h.0.attn.c_attn.bias", "transformer.h.0.attn.c_proj.weight",
            "transformer.h.0.attn.c_proj.bias", "transformer.h.0.ln_2.weight", "transformer.h.0.ln_2.bias",
            "transformer.h.0.mlp.c_fc.weight", "transformer.h.0.mlp.c_fc.bias", "transformer.h.0.mlp.c_proj.weight",
            "transformer.h.0.mlp.c_proj.bias", "transformer.ln_f.weight", "transformer.ln_f.bias"],
            GptNames.Gpt2.StateDict(model).Keys);
        Assert.Equal([Width, 3 * Width],
            GptNames.Gpt2.StateDict(model)["transformer.h.0.attn.c_attn.weight"].Shape.Span.ToArray());
        Assert.Equal([3 * Width, Width],
            GptNames.NanoGpt.StateDict(model)["transformer.h.0.attn.c_attn.weight"].Shape.Span.ToArray());
    }
}
