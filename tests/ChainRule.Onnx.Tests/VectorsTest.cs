using ChainRule.Errors;
using ChainRule.Formats;
using ChainRule.Formats.Graph;
using ChainRule.Formats.Import;
using Xunit.Abstractions;

namespace ChainRule.Onnx.Tests;

/// <summary>
/// The test vectors that ONNX publishes with its operators, as Debian's libonnx-testdata has them: models with inputs
/// and
/// the outputs that are right. Those that need what is not computed here are counted.
/// </summary>
public class VectorsTest(ITestOutputHelper output)
{
    const string Data = "/usr/share/libonnx-testdata/data";

    [SkippableTheory]
    [InlineData("node", 608)]
    [InlineData("simple", 7)]
    [InlineData("pytorch-converted", 67)]
    [InlineData("pytorch-operator", 35)]
    public void PublishedVectors_AreComputed(string set, int atLeast)
    {
        Skip.IfNot(Directory.Exists(Data), $"{Data} is not there: install libonnx-testdata");
        List<string> passed = [], unsupported = [], failed = [];
        foreach (string folder in Directory.EnumerateDirectories(Path.Combine(Data, set)).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(folder);
            // They stand in the files as whole numbers.
            if (name.Contains("BFLOAT16", StringComparison.Ordinal))
            {
                unsupported.Add($"{name}: bfloat16");
                continue;
            }
            OnnxNetwork network;
            try
            {
                network = Formats.Onnx.Import(Path.Combine(folder, "model.onnx"));
            }
            catch (Exception e) when (e is InvalidDataException or RefusedArgumentException)
            {
                unsupported.Add($"{name}: {e.Message}");
                continue;
            }
            try
            {
                foreach (string vector in Directory.EnumerateDirectories(folder)) Check(network, vector);
                passed.Add(name);
            }
            catch (RefusedArgumentException e) when (e.InnerException is null)
            {
                unsupported.Add($"{name}: {e.Message}");
            }
            catch (Exception e)
            {
                failed.Add($"{name}: {e.GetType().Name}: {e.Message}");
            }
        }
        output.WriteLine($"{set}: {passed.Count} passed, {failed.Count} failed, {unsupported.Count} unsupported");
        foreach (string one in failed.Concat(unsupported)) output.WriteLine(one.ReplaceLineEndings(" "));
        Assert.Empty(failed);
        Assert.True(passed.Count >= atLeast, $"{passed.Count} passed");
    }

    static void Check(OnnxNetwork network, string vector)
    {
        Dictionary<string, OnnxValue> inputs = [];
        for (int i = 0; i < network.Inputs.Count && File.Exists(Path.Combine(vector, $"input_{i}.pb")); i++)
            inputs[network.Inputs[i].Name] = Read($"input_{i}.pb");
        var made = network.Run(inputs);
        for (int i = 0; i < network.Outputs.Count; i++)
        {
            var y = made[network.Outputs[i].Name];
            Close.To(Read($"output_{i}.pb").Numbers, y.Numbers, 1e-4);
        }

        OnnxValue Read(string file) =>
            OnnxValue.Of(GraphReader.ReadTensor(File.ReadAllBytes(Path.Combine(vector, file)), file),
            file);
    }
}
