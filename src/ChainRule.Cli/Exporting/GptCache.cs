using ChainRule.Formats;
using ChainRule.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Cli.Exporting;

/// <summary>A GPT in ONNX that reads one step behind those whose keys and values are given. The bench and the tests of
/// ChainRule.Onnx compile this file too.</summary>
static class GptCache
{
    /// <summary>The model: it takes <c>input</c>, int64 [batch, 1], and of each block <c>keys_0</c>, <c>values_0</c> …,
    /// [batch, heads, past, width]; it gives <c>output</c>, [batch, 1, vocabulary], and <c>new_keys_0</c>,
    /// <c>new_values_0</c> …, one step longer.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="anyBatch">False for texts read one by one: the batch is 1.</param>
    public static OnnxModel Export(Gpt model, bool anyBatch = true)
    {
        int blocks = model.Blocks.Count, heads = model.Blocks[0].Attention.Heads, rows = anyBatch ? 2 : 1;
        int width = model.Tokens.Weight.Shape[1] / heads;
        DynamicAxis[] batch = anyBatch ? [new(0, "batch")] : [];
        DynamicAxis past = new(2, "past", model.Context - 1, Least: 0);
        List<OnnxInput> inputs = [OnnxInput.Of("input", Ids.From(new int[rows], [rows, 1]), batch)];
        for (int block = 0; block < blocks; block++)
            foreach (string name in (string[])["keys", "values"])
                inputs.Add(OnnxInput.Of($"{name}_{block}", Tensor.Full([rows, heads, 2, width], 0.1),
                    [.. batch, past]));
        return Formats.Onnx.Export(model, inputs, x =>
        {
            KeyValueCache[] caches = [.. Enumerable.Range(0, blocks).Select(block =>
                new KeyValueCache(x.Tensor($"keys_{block}"), x.Tensor($"values_{block}")))];
            Dictionary<string, Tensor> made = new() { ["output"] = model.Forward(x.Ids("input"), caches) };
            for (int block = 0; block < blocks; block++)
                (made[$"new_keys_{block}"], made[$"new_values_{block}"]) =
                    (caches[block].Keys!.Value, caches[block].Values!.Value);
            return made;
        });
    }
}
