using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ChainRule.Explaining;
using ChainRule.Pictures;
using ChainRule.Training;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule explain: where one number of a run came from, at any of its steps.</summary>
static class ExplainCommand
{
    const string Output = "output", Loss = "loss";

    const int Listed = 12;

    static readonly ExplainOptions s_usual = new();

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run; nothing in it is changed" };
        var tensor = new Option<string>("--tensor")
        {
            Description = $"A parameter by its name, such as layers.0.weight; or {Output}, what the model says, or "
                + $"{Loss}",
            HelpName = "NAME", Required = true,
        };
        var at = new Option<string?>("--at")
            { Description = "Which number of it: an index for each axis, negative ones from the end",
                HelpName = "I,J" };
        var step = new Option<int?>("--step")
            { Description = "After which step of the run [default: where it stands]", HelpName = "N",
                CustomParser = r => Whole(r, "--step") };
        var batch = new Option<int>("--batch")
            { Description = "Which batch: 0 is the one that comes next, 1 the one after it [default: 0]",
                HelpName = "K" }.AtLeast(0);
        var value = new Option<bool>("--value")
            { Description = $"Explain the number itself, of {Output} or {Loss}, and not its gradient" };
        var depth = new Option<int>("--depth") { Description = $"Levels of terms [default: {s_usual.Depth}]",
            HelpName = "D", DefaultValueFactory = _ => s_usual.Depth }.AtLeast(1);
        var top = new Option<int>("--top") { Description = $"Terms of each sum that are shown [default: {s_usual.Top}]",
            HelpName = "N", DefaultValueFactory = _ => s_usual.Top }.AtLeast(1);
        var page = new Option<string?>("--page")
            { Description = "Write a page of it, too; a file that is there is not written over", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print the whole tree as JSON" };
        var latex = new Option<bool>("--latex") { Description = "Print the formulas as LaTeX" };
        var dot = new Option<bool>("--dot") { Description = "Print the graph in DOT, for Graphviz" };
        var data = new Option<string?>("--data")
            { Description = "Where the data is now, if it was moved", HelpName = "FILE" };
        var command = new Command("explain", "Say where a gradient of a run, or a number of its output, came from")
            { folder, tensor, at, step, batch, value, depth, top, page, json, latex, dot, data };
        command.Validators.Add(r =>
        {
            if (new[] { json, latex, dot }.Count(r.GetValue) > 1)
                r.AddError("--json, --latex and --dot do not go together: give one of them");
        });
        command.SetAction(parsed =>
        {
            OutputFile.CheckFree("explain", parsed.GetValue(page), "--page");
            var state = TrainingRun.At(parsed.GetRequiredValue(folder), parsed.GetValue(step), parsed.GetValue(data),
                "explain");
            var next = state.NextLoss(parsed.GetValue(batch));
            var options = s_usual with
            {
                Depth = parsed.GetValue(depth), Top = parsed.GetValue(top), Model = state.Model,
                Examples = Examples(next),
                Names = next.Output is { } output && !output.IsSame(next.Loss)
                    ? new Dictionary<string, Tensor> { [Output] = output } : s_usual.Names,
            };
            string name = parsed.GetRequiredValue(tensor);
            var why = Explain(state, next, name, parsed.GetValue(at), parsed.GetValue(value), options);
            string[] about = [.. About(why, state, next, parsed.GetValue(batch))];
            if (parsed.GetValue(page) is { } path)
                why.AddTo(new Page($"{state.Folder.FullPath}: {name}").Add(string.Join("\n\n", about))).Save(path);
            if (parsed.GetValue(json)) Console.WriteLine(why.ToJson());
            else if (parsed.GetValue(latex)) Console.WriteLine(why.ToLatex());
            else if (parsed.GetValue(dot)) Console.WriteLine(why.ToDot());
            else Console.WriteLine($"{why.Sentence}\n{string.Join('\n', about)}\n\n{why}");
            if (parsed.GetValue(page) is { } written) Console.Error.WriteLine($"The page: {Printable.Path(written)}");
            return Tool.Done;
        });
        return command.WithExamples("chainrule explain runs/names-mlp --tensor output.weight --at 3,7",
            "chainrule explain runs/names-mlp --tensor output.weight --at 3,7 --step 500 --depth 4 --top 5",
            "chainrule explain runs/names-mlp --tensor output --at 0,5 --value --page why.html");
    }

    static Explanation Explain(RunState state, BatchLoss next, string name, string? at, bool value,
        ExplainOptions options)
    {
        var named = state.Model.NamedParameters().ToDictionary();
        bool isParameter = named.TryGetValue(name, out var parameter);
        if (!isParameter && name == Loss)
            return Explaining.Explain.Value(next.Loss, Index(at, Loss, next.Loss), options, Loss);
        if (!isParameter && name != Output) throw new ArgumentException(NoSuch(name, named));
        if (isParameter && value)
            throw new ArgumentException($"explain: --value of {name}: a parameter is given, and computed from nothing: "
                + $"leave out --value for its gradient, or take --tensor {Output}");
        if (isParameter)
        {
            if (!parameter.RequiresGrad)
                throw new ArgumentException($"explain: {name} is frozen and gets no gradient: take one that is "
                    + "trained");
            return Explaining.Explain.Gradient(next.Loss, parameter, Index(at, name, parameter), options, name);
        }
        if (next.Output is not { } output)
            throw new ArgumentException($"explain: --tensor {Output}: the loss of this run is not made of one output: "
                + $"take --tensor {Loss}, or a parameter: {Shapes(named)}");
        int[] index = Index(at, Output, output);
        return value ? Explaining.Explain.Value(output, index, options, Output)
            : Explaining.Explain.Gradient(next.Loss, output, index, options, Output);
    }

    /// <summary>What an explanation speaks of: the example, if it is one; step, batch and loss.</summary>
    static IEnumerable<string> About(Explanation why, RunState state, BatchLoss next, int batch)
    {
        if (why.LargestRow is var (row, rows) && ExampleAt(next, row, rows) is { } example
            && state.Data.DescribeExample(next, example) is { } text)
            yield return $"Example {row} is {text}.";
        else if (Examples(next) == 1 && state.Data.DescribeExample(next, 0) is { } only)
            yield return $"The only example of the batch is {only}.";
        string replayed = state.ReplayedFrom == state.Step ? ""
            : string.Create(CultureInfo.InvariantCulture, $", made again from step {state.ReplayedFrom:N0}");
        string which = batch == 0 ? "the batch that comes next"
            : string.Create(CultureInfo.InvariantCulture, $"batch {batch:N0} after the one that comes next");
        string examples = Examples(next) is > 0 and var count
            ? string.Create(CultureInfo.InvariantCulture, $", {count:N0} example{(count == 1 ? "" : "s")}") : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"After step {state.Step:N0}{replayed}; {which}{examples}; loss {next.Loss.Item():0.######}.");
    }

    /// <summary>The example that a place along axis 0 is of: a row is an example, or one of its steps.</summary>
    static int? ExampleAt(BatchLoss batch, int row, int rows) => Inputs(batch) is not { } shape ? null
        : rows == shape[0] ? row : shape.Rank > 1 && rows == shape[0] * shape[1] ? row / shape[1] : null;

    /// <summary>How many examples a batch has; 0 where it is of another kind.</summary>
    static int Examples(BatchLoss batch) => Inputs(batch) is { Rank: > 0 } shape ? shape[0] : 0;

    static Shape? Inputs(BatchLoss batch) => batch switch
    {
        BatchLoss<Tensor, Tensor> { Inputs: var x } => x.Shape,
        BatchLoss<Tensor, Ids> { Inputs: var x } => x.Shape,
        BatchLoss<Ids, Ids> { Inputs: var x } => x.Shape,
        _ => default(Shape?),
    };

    static int[] Index(string? text, string name, Tensor x)
    {
        string shape = $"{Printable.Of(name)} is {x.Shape}";
        string wanted = x.Rank == 0 ? "it is a single number: leave out --at"
            : "give an index for each axis, such as --at "
                + string.Join(',', Enumerable.Range(0, x.Rank).Select(axis => x.Shape[axis] / 2));
        if (text is null)
            return x.Rank == 0 ? [] : throw new ArgumentException($"explain: --at is missing: {shape}: {wanted}");
        string[] parts = text.Trim('[', ']', ' ').Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] index = new int[parts.Length];
        string refused = $"explain: --at {Printable.Of(text)}: {shape}";
        if (parts.Length != x.Rank) throw new ArgumentException($"{refused}: {wanted}");
        for (int axis = 0; axis < parts.Length; axis++)
        {
            if (!int.TryParse(parts[axis], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out index[axis]))
                throw new ArgumentException($"{refused}: {wanted}");
            if (index[axis] < -x.Shape[axis] || index[axis] >= x.Shape[axis])
                throw new ArgumentException($"{refused}: axis {axis} goes from 0 to {x.Shape[axis] - 1}");
        }
        return index;
    }

    static string NoSuch(string name, Dictionary<string, Tensor> named)
    {
        string near = Nearest.To(name, named.Keys)
            ?? named.Keys.FirstOrDefault(one => one.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase)) ?? "";
        string meant = near.Length > 0 ? $"did you mean {near} {named[near].Shape}? There are " : "there are ";
        return $"explain: the model has no parameter '{Printable.Of(name, 60)}': {meant}{Shapes(named)}; and {Output} "
            + $"and {Loss}";
    }

    static string Shapes(Dictionary<string, Tensor> named) =>
        string.Join(", ", named.Take(Listed).Select(one => $"{one.Key} {one.Value.Shape}"))
        + (named.Count > Listed ? $" and {named.Count - Listed} more, which 'chainrule info DIR' shows" : "");

    static int? Whole(ArgumentResult r, string option)
    {
        if (int.TryParse(r.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int step)) return step;
        r.AddError($"{option} {Printable.Of(r.Tokens[0].Value)}: give a whole number of 0 or more");
        return null;
    }
}
