using System.CommandLine;
using System.Text;
using ChainRule.Cli.Exporting;
using ChainRule.Data;
using ChainRule.Training;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule export: a run's model, or what was measured, in a format that other programs read.</summary>
static class ExportCommand
{
    const string Onnx = "onnx", CSharp = "csharp", TensorBoard = "tensorboard", Weights = "safetensors";

    static readonly Dictionary<string, WeightFormat> s_formats = new(StringComparer.Ordinal)
    {
        ["f32"] = WeightFormat.Float32, ["f16"] = WeightFormat.Float16, ["bf16"] = WeightFormat.BFloat16,
        ["int8"] = WeightFormat.Int8,
    };

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var format = new Option<string>("--to")
        {
            Description = "The format: onnx, which many programs run; csharp, one file of C# that needs nothing but "
                + ".NET; tensorboard, events that TensorBoard shows; or safetensors, the weights alone",
            HelpName = "FORMAT", Required = true,
        };
        var output = new Option<string?>("--out")
        {
            Description = "The file to write, or the folder for events; a file that is there is not written over "
                + "[default: model.onnx, model.cs, weights.safetensors or tensorboard in the run's folder, written "
                + "anew each time]",
            HelpName = "PATH",
        };
        var cache = new Option<bool>("--cache")
            { Description = "Of a gpt: write the model that reads one character behind those whose keys and values it "
                + "is given" };
        var weights = new Option<string?>("--weights")
        {
            Description = "Of safetensors: what weights of two or more axes are rounded to, f32, f16, bf16 or int8 "
                + "with a scale for each output [default: f32, as they are]",
            HelpName = "FORMAT",
        };
        format.Among(Onnx, CSharp, TensorBoard, Weights);
        weights.Among([.. s_formats.Keys]);
        var command = new Command("export", "Write a run's model, or its curves, as a file for other programs")
            { folder, format, output, cache, weights };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(folder), to = parsed.GetRequiredValue(format);
            string Out(string usual)
            {
                if (parsed.GetValue(output) is not { } given) return Path.Combine(from, usual);
                if (RunFolder.IsOwnFile(from, given))
                    throw new ArgumentException(
                        $"export: {Printable.Path(given)} is a file that the run itself needs: give another name");
                // A folder of events takes more of them, or says why not.
                if (to != TensorBoard) OutputFile.CheckFree("export", given);
                return given;
            }

            if (parsed.GetValue(cache) && to != Onnx)
                throw new ArgumentException("export: --cache is of --to onnx: leave it out");
            if (parsed.GetValue(weights) is not null && to != Weights)
                throw new ArgumentException("export: --weights is of --to safetensors: leave it out");
            switch (to)
            {
                case Weights:
                    WriteWeights(from, Out("weights.safetensors"), s_formats[parsed.GetValue(weights) ?? "f32"]);
                    break;
                case CSharp: WriteSource(from, Out("model.cs")); break;
                case TensorBoard: WriteEvents(from, Out(TensorBoard)); break;
                default: WriteModel(from, Out("model.onnx"), parsed.GetValue(cache)); break;
            }
            return Tool.Done;
        });
        return command.WithExamples("chainrule export runs/images-cnn --to onnx",
            "chainrule export runs/table-mlp --to csharp --out Price.cs",
            "chainrule export runs/table-mlp --to onnx --out price.onnx",
            "chainrule export runs/text-gpt --to onnx --cache --out step.onnx",
            "chainrule export runs/text-gpt --to safetensors --weights int8",
            "chainrule export runs/text-gpt --to tensorboard");
    }

    static void WriteWeights(string from, string to, WeightFormat format)
    {
        var saved = SavedModel.Load(from);
        // Maps and memories of patterns are found in float64.
        if (format != WeightFormat.Float32) saved.Model.To(DType.Float32);
        var errors = saved.Model.ToPredictor(new() { Weights = format }).WeightErrors;
        var texts = new Dictionary<string, string>
            { ["kind"] = TrainingTask.Of(saved.Kind).Name, ["model"] = saved.Recipe.Name };
        Safetensors.Write(to, saved.Model.StateDict(), texts, weights: format);
        Console.WriteLine($"{Printable.Path(to)}: {new FileInfo(to).Length / 1e3:N0} kB, "
            + $"{saved.Model.ParameterCount:N0} parameters");
        if (errors.MaxBy(static error => error.Relative) is { } worst)
            Console.WriteLine($"  rounded the most: {Printable.Of(worst.ToString())}");
    }

    static void WriteModel(string from, string to, bool cache)
    {
        var model = OnnxExport.Of(from, cache);
        model.Save(to);
        Console.WriteLine($"{Printable.Path(to)}: {new FileInfo(to).Length / 1e3:N0} kB, "
            + $"{model.Operators.Values.Sum():N0} operators of opset {Formats.Onnx.Opset}");
        Console.WriteLine($"  in:  {Printable.Of(string.Join("; ", model.Inputs), 400)}");
        Console.WriteLine($"  out: {Printable.Of(string.Join("; ", model.Outputs), 400)}");
    }

    static void WriteEvents(string from, string to)
    {
        var (path, bytes, leftOut) = TensorBoardExport.Write(from, to);
        Console.WriteLine($"{Printable.Path(Path.Combine(to, Path.GetFileName(path)))}: {bytes / 1e3:N0} kB");
        if (leftOut is not null) Console.WriteLine($"  {leftOut}");
        Console.WriteLine($"  to look at it: tensorboard --logdir {Shell.Path(to)}");
    }

    static void WriteSource(string from, string to)
    {
        string program = CSharpExport.Of(from, to);
        AtomicFile.Write("export", to, stream => stream.Write(Encoding.UTF8.GetBytes(program)));
        Console.WriteLine($"{Printable.Path(to)}: {new FileInfo(to).Length / 1e3:N0} kB of C#, "
            + $"{program.Count(c => c == '\n'):N0} lines");
    }
}
