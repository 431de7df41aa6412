using System.Globalization;
using System.Text;
using ChainRule.Data;
using ChainRule.Formats;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using Microsoft.ML.OnnxRuntime;

namespace ChainRule.Onnx.Tests;

/// <summary>A table's columns as inputs: numbers, categories, booleans and dates, with what is missing or
/// unknown.</summary>
public class TableTest
{
    static readonly string[] s_districts = ["Harbour", "Old Town", "Hill"];

    // 300 rows; every kind of column lacks some values.
    static Table Rows(string unknown = "Hill")
    {
        var rng = new TorchRandom(4);
        var text = new StringBuilder("size,district,garden,sold,opens,floor\n");
        for (int i = 0; i < 300; i++)
        {
            var day = new DateTime(1899, 12, 30).AddDays(rng.NextDouble() * 60_000);
            text.Append(CultureInfo.InvariantCulture, $"{(i % 11 == 0 ? "" : $"{20 + 100 * rng.NextDouble():0.0}")},")
                .Append(i % 13 == 0 ? "" : i % 7 == 3 ? unknown : s_districts[(int)(3 * rng.NextDouble())]).Append(',')
                .Append(i % 17 == 0 ? "" : rng.NextDouble() < 0.4 ? "yes" : "No").Append(',')
                .Append(i % 19 == 0 ? "" : day.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)).Append(',')
                .Append(i % 23 == 0 ? "" : day.ToString("HH:mm", CultureInfo.InvariantCulture)).Append(',')
                .Append(CultureInfo.InvariantCulture, $"{(int)(9 * rng.NextDouble())}\n");
        }
        return Csv.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
    }

    static Dictionary<string, OrtValue> Inputs(Table table)
    {
        Dictionary<string, OrtValue> inputs = [];
        long[] sizes = [table.Rows, 1];
        foreach (string column in table.Columns)
        {
            string[] texts = [.. table.Texts(column).Select(text => text ?? "")];
            if (column is "district" or "garden")
            {
                inputs[column] = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, sizes);
                for (int i = 0; i < texts.Length; i++) inputs[column].StringTensorSetElementAt(texts[i], i);
                continue;
            }
            inputs[column] = OrtValue.CreateTensorValueFromMemory([.. texts.Select(text => text.Length == 0 ? double.NaN
                : column == "opens" ? TimeSpan.Parse(text, CultureInfo.InvariantCulture).TotalDays
                : column == "sold" ? DateTime.Parse(text, CultureInfo.InvariantCulture).Ticks / 864e9
                : double.Parse(text, CultureInfo.InvariantCulture))], sizes);
        }
        return inputs;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void ATable_IsEncodedElsewhereAsHere(int outputs)
    {
        var train = Rows();
        var encoder = TableEncoder.Fit(train);
        Assert.Equal(6, encoder.Inputs.Count);
        var model = new Dense(new(Hidden: 16, Activation: DenseActivation.Tanh), encoder.Columns.Count, outputs,
            new TorchRandom(2));
        string[] classes = outputs == 1 ? [] : [.. Enumerable.Range(0, outputs).Select(i => $"class {i}")];
        using var runtime = new Runtime(Formats.Onnx.Export(model, encoder, new() { Classes = classes, Threshold = 0.43,
            Mean = 120, Std = 30 }));
        model.Eval();
        foreach (var table in (Table[])[train, Rows("Island"), Rows().Take([0])])
        {
            var made = runtime.Run(Inputs(table), out string[] labels);
            var y = model.Forward(encoder.Encode(table));
            if (outputs == 1)
            {
                Close.To(y * 30 + 120, made["prediction"]);
                continue;
            }
            Close.To(y.Softmax(), made["probabilities"]);
            float[] p = y.Softmax().ToArray<float>();
            Assert.Equal([.. Enumerable.Range(0, table.Rows).Select(i => outputs == 2 ? classes[p[2 * i + 1] >= 0.43 ? 1
                : 0]
                : classes[Array.IndexOf(p, p.AsSpan(i * outputs, outputs).ToArray().Max(),
                    i * outputs) - i * outputs])],
                labels);
        }
    }
}
