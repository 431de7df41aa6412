using System.CommandLine;
using System.Text;
using ChainRule.Cli.Exporting;
using ChainRule.Data;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule export: a run's model, or what was measured, in a format that other programs read.</summary>
static class ExportCommand
{
    const string Onnx = "onnx", CSharp = "csharp", TensorBoard = "tensorboard";

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var format = new Option<string>("--to")
        {
            Description = "The format: onnx, which many programs run; csharp, one file of C# that needs nothing but "
                + ".NET; or tensorboard, events that TensorBoard shows",
            HelpName = "FORMAT", Required = true,
        };
        var output = new Option<string?>("--out")
        {
            Description = "The file to write, or the folder for events [default: model.onnx, model.cs or tensorboard "
                + "in the run's folder]",
            HelpName = "PATH",
        };
        var cache = new Option<bool>("--cache")
            { Description = "Of a gpt: write the model that reads one character behind those whose keys and values it "
                + "is given" };
        format.Among(Onnx, CSharp, TensorBoard);
        var command = new Command("export", "Write a run's model, or its curves, as a file for other programs")
            { folder, format, output, cache };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(folder), to = parsed.GetRequiredValue(format);
            string Out(string usual) => parsed.GetValue(output) ?? Path.Combine(from, usual);
            if (parsed.GetValue(cache) && to != Onnx)
                throw new ArgumentException("export: --cache is of --to onnx: leave it out");
            switch (to)
            {
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
            "chainrule export runs/text-gpt --to tensorboard");
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
