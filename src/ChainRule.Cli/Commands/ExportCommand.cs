using System.CommandLine;
using System.Text;
using ChainRule.Cli.Exporting;
using ChainRule.Data;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule export: a run's model in a format that other programs read.</summary>
static class ExportCommand
{
    const string Onnx = "onnx", CSharp = "csharp";

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var format = new Option<string>("--to") 
            { Description = "The format: onnx, which many programs run; or csharp, one file "
            + "of C# that needs nothing but .NET",
            HelpName = "FORMAT", Required = true };
        var output = new Option<string?>("--out")
            { Description = "The file to write [default: model.onnx or model.cs in the run's "
                + "folder]", HelpName = "FILE" };
        var cache = new Option<bool>("--cache")
            { Description = "Of a gpt: write the model that reads one character behind those whose keys and values it "
                + "is given" };
        format.Among(Onnx, CSharp);
        var command = new Command("export", "Write a run's model as a file for other programs")
            { folder, format, output, cache };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(folder);
            if (parsed.GetRequiredValue(format) == CSharp)
            {
                if (parsed.GetValue(cache))
                    throw new ArgumentException("export: --cache is of ONNX: leave it out");
                WriteSource(from, parsed.GetValue(output) ?? Path.Combine(from, "model.cs"));
                return Tool.Done;
            }
            string to = parsed.GetValue(output) ?? Path.Combine(from, "model.onnx");
            var model = OnnxExport.Of(from, parsed.GetValue(cache));
            model.Save(to);
            Console.WriteLine($"{Printable.Path(to)}: {new FileInfo(to).Length / 1e3:N0} kB, "
                + $"{model.Operators.Values.Sum():N0} operators of opset {Formats.Onnx.Opset}");
            Console.WriteLine($"  in:  {Printable.Of(string.Join("; ", model.Inputs), 400)}");
            Console.WriteLine($"  out: {Printable.Of(string.Join("; ", model.Outputs), 400)}");
            return Tool.Done;
        });
        return command.WithExamples("chainrule export runs/images-cnn --to onnx",
            "chainrule export runs/table-mlp --to csharp --out Price.cs",
            "chainrule export runs/table-mlp --to onnx --out price.onnx",
            "chainrule export runs/text-gpt --to onnx --cache --out step.onnx");
    }

    static void WriteSource(string from, string to)
    {
        string program = CSharpExport.Of(from, to);
        AtomicFile.Write("export", to, stream => stream.Write(Encoding.UTF8.GetBytes(program)));
        Console.WriteLine($"{Printable.Path(to)}: {new FileInfo(to).Length / 1e3:N0} kB of C#, "
            + $"{program.Count(c => c == '\n'):N0} lines");
    }
}
